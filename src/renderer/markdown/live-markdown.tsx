import { memo, type ReactNode, useId } from "react";
import { LeafView, ListView, type Live, TableView } from "./block-views.js";
import { type Group, RUN_LENGTH } from "./blocks.js";
import { Footnotes, IdPrefixContext } from "./footnotes.js";
import type { LiveDocument } from "./live-document.js";
import { LinkContext, type LinkHandler } from "./markdown-components.js";
import "./markdown.css";

interface LiveMarkdownProps {
  readonly document: LiveDocument;
  /** `document.revision`: what tells that the document changed. */
  readonly revision: number;
  readonly onLink?: LinkHandler | undefined;
}

/** A Markdown document as it is written. Must be rendered again whenever the document's revision has grown. */
export const LiveMarkdown = memo(function LiveMarkdown({ document, onLink }: LiveMarkdownProps): ReactNode {
  const { groups, tail, definitions, footnotes } = document;
  const idPrefix = `md-${useId()}-`;
  const last = groups.at(-1);
  const tailOpensGroup = tail !== undefined && tail.kind !== "inside" && (!last || last.blocks.length >= RUN_LENGTH);
  return (
    <LinkContext value={onLink}>
      <IdPrefixContext value={idPrefix}>
        <div className="md">
          {groups.map((group) => (
            <GroupView
              key={group.id}
              group={group}
              tail={group === last && !tailOpensGroup ? tail : undefined}
              definitions={definitions}
            />
          ))}
          {tailOpensGroup && (
            <GroupView
              key={groups.length}
              group={{ id: groups.length, blocks: [] }}
              tail={tail}
              definitions={definitions}
            />
          )}
          {footnotes && <Footnotes section={footnotes} />}
        </div>
      </IdPrefixContext>
    </LinkContext>
  );
});

const GroupView = memo(function GroupView({ group, tail, definitions }: Live & { group: Group }): ReactNode {
  const inside = tail?.kind === "inside";
  return (
    <div className="md-group">
      {group.blocks.map((block, index) => {
        const live = inside && index === group.blocks.length - 1 ? tail : undefined;
        if (block.kind === "list")
          return <ListView key={block.id} block={block} tail={live} definitions={definitions} />;
        if (block.kind === "table")
          return <TableView key={block.id} block={block} tail={live} definitions={definitions} />;
        return <LeafView key={block.id} piece={block} tail={undefined} definitions={definitions} />;
      })}
      {tail && !inside && <LeafView key={tail.id} piece={undefined} tail={tail} definitions={definitions} />}
    </div>
  );
});
