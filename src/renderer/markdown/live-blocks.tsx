import { Lexer, type MarkedToken, type Tokens } from "marked";
import type { ReactNode } from "react";
import type { DefinitionTable } from "./definition-table.js";
import { CARET } from "./grown-nodes.js";
import { KeyedChildren, keyAt } from "./keyed-children.js";
import { addInline, inlineChildren } from "./live-inline.js";
import { Pre, Table } from "./markdown-components.js";
import { blockTokens, mendOpenEnd, mendTableHead, withoutUndecided } from "./mend-open-end.js";

/** The open end of a document, read for show: quick, and replaced by the exact form once it is finished. */
export function lexTail(source: string, definitions: DefinitionTable): readonly MarkedToken[] {
  const lexer = new Lexer({ gfm: true });
  for (const [label, { href, title }] of definitions.entries()) {
    lexer.tokens.links[label] = { href, title };
  }
  const tokens = blockTokens(lexer.lex(mendTableHead(withoutUndecided(source))));
  mendOpenEnd(lexer, tokens);
  return tokens;
}

/** React children for block tokens; the last text carries the caret. */
export function blockChildren(tokens: readonly MarkedToken[], caret: boolean): ReactNode {
  const children = new KeyedChildren();
  addBlocks(children, tokens, caret);
  return children.nodes;
}

function addBlocks(children: KeyedChildren, tokens: readonly MarkedToken[], caret: boolean): void {
  tokens.forEach((token, index) => {
    addBlock(children, token, caret && index === tokens.length - 1);
  });
}

function addBlock(children: KeyedChildren, token: MarkedToken, caret: boolean): void {
  const className = caret ? CARET : undefined;
  switch (token.type) {
    case "paragraph":
      children.element("p", (key) => (
        <p key={key} className={className}>
          {inlineChildren(token.tokens)}
        </p>
      ));
      break;
    case "heading": {
      const Tag = headings[token.depth - 1] ?? "h6";
      children.element(Tag, (key) => (
        <Tag key={key} className={className}>
          {inlineChildren(token.tokens)}
        </Tag>
      ));
      break;
    }
    case "hr":
      children.element("hr", (key) => <hr key={key} />);
      break;
    case "code":
      children.element("pre", (key) => (
        <Pre key={key} open={{ code: token.text, language: token.lang?.split(/\s/)[0] || undefined, caret }} />
      ));
      break;
    case "blockquote":
      children.element("blockquote", (key) => (
        <blockquote key={key}>{blockChildren(blockTokens(token.tokens), caret)}</blockquote>
      ));
      break;
    case "list": {
      const Tag = token.ordered ? "ol" : "ul";
      const start = typeof token.start === "number" && token.start !== 1 ? token.start : undefined;
      const tasks = token.items.some((item) => item.task) ? "contains-task-list" : undefined;
      children.element(Tag, (key) => (
        <Tag key={key} start={start} className={tasks}>
          {token.items.map((item, index) => (
            <li key={keyAt("li", index)} {...itemProps(item, token.loose, caret && index === token.items.length - 1)} />
          ))}
        </Tag>
      ));
      break;
    }
    case "table":
      children.element("table", (key) => (
        <Table key={key}>
          <LiveHead token={token} caret={caret && token.rows.length === 0} />
          {token.rows.length > 0 && <tbody key="tbody-0">{liveRows(token, caret)}</tbody>}
        </Table>
      ));
      break;
    case "text":
      addInline(children, token.tokens ?? [token]);
      break;
    case "checkbox":
      addInline(children, [token]);
      break;
    default:
      children.text(token.raw.trimEnd());
  }
}

/** Attributes and children of the `li` for `item`. */
export function itemProps(item: Tokens.ListItem, loose: boolean, caret: boolean) {
  const children = new KeyedChildren();
  const tokens = blockTokens(item.tokens);
  const deeper = tokens.at(-1)?.type === "list" || loose;
  tokens.forEach((token, index) => {
    const last = caret && index === tokens.length - 1;
    if (loose && token.type === "text") {
      children.element("p", (key) => (
        <p key={key} className={last ? CARET : undefined}>
          {inlineChildren(token.tokens)}
        </p>
      ));
    } else addBlock(children, token, last);
  });
  const className = [item.task && "task-list-item", caret && !deeper && CARET].filter(Boolean).join(" ");
  return { className: className || undefined, children: children.nodes };
}

function LiveHead({ token, caret }: { token: Tokens.Table; caret: boolean }): ReactNode {
  const end = caret ? lastWritten(token.header) : -1;
  return (
    <thead>
      <tr>
        {token.header.map((cell, index) => (
          <th key={keyAt("th", index)} style={alignment(cell)} className={index === end ? CARET : undefined}>
            {inlineChildren(cell.tokens)}
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** The `tr` of every body row of `token`. */
export function liveRows(token: Tokens.Table, caret: boolean): ReactNode[] {
  return token.rows.map((row, rowIndex) => (
    <tr key={keyAt("tr", rowIndex)}>
      {row.map((cell, index) => {
        const last = caret && rowIndex === token.rows.length - 1 && index === lastWritten(row);
        return (
          <td key={keyAt("td", index)} style={alignment(cell)} className={last ? CARET : undefined}>
            {inlineChildren(cell.tokens)}
          </td>
        );
      })}
    </tr>
  ));
}

/** Cells that have not come yet are there already, empty. */
function lastWritten(row: readonly Tokens.TableCell[]): number {
  return Math.max(
    0,
    row.findLastIndex(({ text }) => text !== ""),
  );
}

function alignment(cell: Tokens.TableCell) {
  return cell.align ? { textAlign: cell.align } : undefined;
}

const headings = ["h1", "h2", "h3", "h4", "h5", "h6"] as const;
