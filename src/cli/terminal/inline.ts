/** Inline Markdown → styled text. */
import type { ChalkInstance } from "chalk";
import type { Token, Tokens } from "marked";
import { printable } from "./text-width.js";

const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&nbsp;": " ",
};

export function plainText(text: string): string {
  return printable(text.replace(/&(?:amp|lt|gt|quot|#39|nbsp);/g, (entity) => ENTITIES[entity] ?? entity));
}

export function inline(tokens: readonly Token[] | undefined, style: ChalkInstance): string {
  return (tokens ?? []).map((token) => inlineToken(token, style)).join("");
}

function children(token: Token): readonly Token[] | undefined {
  return "tokens" in token ? token.tokens : undefined;
}

function inlineToken(token: Token, style: ChalkInstance): string {
  switch (token.type) {
    case "strong":
      return style.bold(inline(children(token), style));
    case "em":
      return style.italic(inline(children(token), style));
    case "del":
      return style.strikethrough(inline(children(token), style));
    case "codespan":
      return style.cyan(plainText((token as Tokens.Codespan).text));
    case "br":
      return "\n";
    case "link":
      return link(token as Tokens.Link, style);
    case "image":
      return style.dim(`[${plainText((token as Tokens.Image).text) || "image"}]`);
    case "html":
      return /^<br\s*\/?>$/i.test(token.raw) ? "\n" : style.dim(printable(token.raw.trim()));
    default:
      return children(token) === undefined
        ? plainText("text" in token ? token.text : token.raw)
        : inline(children(token), style);
  }
}

function link(token: Tokens.Link, style: ChalkInstance): string {
  const label = inline(token.tokens, style);
  const href = printable(token.href);
  if (href === plainText(token.text) || href === `mailto:${token.text}`) return style.underline(label);
  return `${style.underline(label)} ${style.dim(`(${href})`)}`;
}
