import type { MarkedToken, Token } from "marked";
import type { ReactNode } from "react";
import { decodeReferences } from "./character-references.js";
import { KeyedChildren } from "./keyed-children.js";
import { Image, Link, TaskBox } from "./markdown-components.js";

/** React children for inline tokens of the open end. */
export function inlineChildren(tokens: readonly Token[] | undefined): ReactNode {
  const children = new KeyedChildren();
  addInline(children, tokens);
  return children.nodes;
}

export function addInline(children: KeyedChildren, tokens: readonly Token[] | undefined): void {
  // marked's own union; its Generic member is for extensions, and there are none.
  for (const token of (tokens ?? []) as readonly MarkedToken[]) addToken(children, token);
}

function addToken(children: KeyedChildren, token: MarkedToken): void {
  switch (token.type) {
    case "strong":
    case "em":
    case "del": {
      const Tag = token.type;
      children.element(Tag, (key) => <Tag key={key}>{inlineChildren(token.tokens)}</Tag>);
      break;
    }
    case "codespan":
      children.element("code", (key) => <code key={key}>{token.text}</code>);
      break;
    case "br":
      children.element("br", (key) => <br key={key} />);
      children.text("\n");
      break;
    case "link":
      children.element("a", (key) => (
        <Link key={key} href={decodeReferences(token.href)} title={token.title ?? undefined}>
          {inlineChildren(token.tokens)}
        </Link>
      ));
      break;
    case "image":
      children.element("img", (key) => (
        <Image key={key} src={token.href} alt={token.text} title={token.title ?? undefined} />
      ));
      break;
    case "text":
      if (token.tokens) addInline(children, token.tokens);
      else children.text(decodeReferences(token.text));
      break;
    case "escape":
      children.text(token.text);
      break;
    case "checkbox":
      children.element("input", (key) => <TaskBox key={key} checked={token.checked} />);
      children.text(" ");
      break;
    default:
      children.text(token.raw);
  }
}
