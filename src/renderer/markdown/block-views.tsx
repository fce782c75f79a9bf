import type { Tokens } from "marked";
import { memo, type ReactElement, type ReactNode, useContext } from "react";
import type { ListBlock, Piece, Run, TableBlock, Tail } from "./blocks.js";
import { RUN_LENGTH } from "./blocks.js";
import type { DefinitionTable } from "./definition-table.js";
import { renderBlock, renderHead, renderItem, renderRows } from "./finished-markdown.js";
import { IdPrefixContext } from "./footnotes.js";
import { keyAt } from "./keyed-children.js";
import { blockChildren, itemProps, lexTail, liveRows } from "./live-blocks.js";
import { openFence } from "./live-fence.js";
import { Pre, Table } from "./markdown-components.js";

export interface Live {
  /** The open end, where it is in this block. */
  readonly tail: Tail | undefined;
  readonly definitions: DefinitionTable;
}

interface LeafProps extends Live {
  readonly piece: Piece | undefined;
}

/** A block that is rendered as one: the same component open and finished, so that its elements stay. */
export const LeafView = memo(function LeafView({ piece, tail, definitions }: LeafProps): ReactNode {
  const idPrefix = useContext(IdPrefixContext);
  if (piece) return renderBlock(piece, idPrefix);
  if (!tail) return null;
  if (tail.kind === "fence") return <Pre key="pre-0" open={openFence(tail.source)} />;
  return blockChildren(lexTail(tail.source, definitions), true);
});

export const ListView = memo(function ListView({ block, tail, definitions }: Live & { block: ListBlock }): ReactNode {
  const tokens = tail ? lexTail(tail.source, definitions) : [];
  const list = tokens[0]?.type === "list" ? tokens[0] : undefined;
  const open = list?.items ?? [];
  const finished = block.runs.reduce((sum, run) => sum + run.pieces.length, 0);
  const Tag = block.ordered ? "ol" : "ul";
  const hasTasks = block.hasTasks || open.some((item) => item.task);
  const loose = block.loose || list?.loose === true;
  const caret = list !== undefined && tokens.length === 1;
  return (
    <>
      <Tag start={block.start === 1 ? undefined : block.start} className={hasTasks ? "contains-task-list" : undefined}>
        {Array.from({ length: Math.ceil((finished + open.length) / RUN_LENGTH) }, (_, id) => {
          const from = Math.max(id * RUN_LENGTH - finished, 0);
          const items = open.slice(from, Math.max((id + 1) * RUN_LENGTH - finished, 0));
          return (
            <ItemRun
              key={keyAt("run", id)}
              pieces={block.runs[id]?.pieces ?? none}
              open={items.length > 0 ? items : undefined}
              loose={loose}
              caret={caret && items.at(-1) === open.at(-1)}
            />
          );
        })}
      </Tag>
      {blockChildren(list ? tokens.slice(1) : tokens, true)}
    </>
  );
});

interface ItemRunProps {
  readonly pieces: readonly Piece[];
  readonly open: readonly Tokens.ListItem[] | undefined;
  readonly loose: boolean;
  readonly caret: boolean;
}

const ItemRun = memo(function ItemRun({ pieces, open = [], loose, caret }: ItemRunProps): ReactNode {
  // One array, in which an open item keeps its key, and with it its elements, when it is finished.
  return Array.from({ length: pieces.length + open.length }, (_, index) => (
    <Item
      key={keyAt("part", index)}
      piece={pieces[index]}
      open={open[index - pieces.length]}
      loose={loose}
      caret={caret && index === pieces.length + open.length - 1}
    />
  ));
});

interface ItemProps {
  readonly piece: Piece | undefined;
  readonly open: Tokens.ListItem | undefined;
  readonly loose: boolean;
  readonly caret: boolean;
}

const Item = memo(function Item({ piece, open, loose, caret }: ItemProps): ReactNode {
  const idPrefix = useContext(IdPrefixContext);
  if (piece) return renderItem(piece, idPrefix, loose);
  return open ? <li key="li-0" {...itemProps(open, loose, caret)} /> : null;
});

export const TableView = memo(function TableView({
  block,
  tail,
  definitions,
}: Live & { block: TableBlock }): ReactNode {
  const tokens = tail ? lexTail(block.head.source + tail.source, definitions) : [];
  const table = tokens[0]?.type === "table" ? tokens[0] : undefined;
  const hasOpenRows = table !== undefined && table.rows.length > 0;
  const caret = hasOpenRows && tokens.length === 1;
  return (
    <>
      <Table>
        <TableHead piece={block.head} />
        {(hasOpenRows || block.runs.length > 0) && (
          <tbody>
            {Array.from({ length: block.runs.length + (hasOpenRows ? 1 : 0) }, (_, id) => {
              const run = block.runs[id];
              return <RowRun key={keyAt("run", id)} run={run} open={run ? undefined : table} caret={caret} />;
            })}
          </tbody>
        )}
      </Table>
      {blockChildren(tokens.slice(1), true)}
    </>
  );
});

const TableHead = memo(function TableHead({ piece }: { piece: Piece }): ReactElement {
  return renderHead(piece, useContext(IdPrefixContext));
});

interface RowRunProps {
  readonly run: Run | undefined;
  readonly open: Tokens.Table | undefined;
  readonly caret: boolean;
}

const RowRun = memo(function RowRun({ run, open, caret }: RowRunProps): ReactNode {
  const piece = run?.pieces[0];
  const idPrefix = useContext(IdPrefixContext);
  if (piece) return renderRows(piece, idPrefix);
  return open ? liveRows(open, caret) : null;
});

const none: readonly Piece[] = [];
