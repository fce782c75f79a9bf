/** Markdown made readable on a terminal: lines of at most `width` columns. */
import type { ChalkInstance } from "chalk";
import { lexer, type Token, type Tokens } from "marked";
import { inline, plainText } from "./inline.js";
import { tableLines } from "./table.js";
import { printable, truncate } from "./text-width.js";
import { wrap } from "./wrap.js";

export interface MarkdownStyle {
  /** Columns; at least 10. */
  readonly width: number;
  readonly chalk: ChalkInstance;
}

export function lexBlocks(text: string): Token[] {
  return lexer(text, { gfm: true });
}

export function renderMarkdown(text: string, style: MarkdownStyle): string[] {
  return renderBlocks(lexBlocks(text), style);
}

/** Blocks with one empty line between them. */
export function renderBlocks(tokens: readonly Token[], style: MarkdownStyle): string[] {
  const lines: string[] = [];
  for (const token of tokens) {
    const block = blockLines(token, style);
    if (block.length === 0) continue;
    if (lines.length > 0) lines.push("");
    lines.push(...block);
  }
  return lines;
}

function blockLines(token: Token, style: MarkdownStyle): string[] {
  const { chalk, width } = style;
  switch (token.type) {
    case "space":
    case "def":
      return [];
    case "heading": {
      const heading = token as Tokens.Heading;
      const text = inline(heading.tokens, chalk);
      return wrap(heading.depth <= 2 ? chalk.bold.underline(text) : chalk.bold(text), width);
    }
    case "code":
      return codeLines(token as Tokens.Code, style);
    case "blockquote": {
      const inner = renderBlocks((token as Tokens.Blockquote).tokens, { chalk, width: width - 2 });
      return inner.map((line) => `${chalk.dim("│")} ${line}`);
    }
    case "list":
      return listLines(token as Tokens.List, style);
    case "table":
      return tableLines(token as Tokens.Table, style);
    case "hr":
      return [chalk.dim("─".repeat(Math.min(width, 24)))];
    case "html":
      return wrap(chalk.dim(printable(token.raw.trim())), width);
    default: {
      const text = "tokens" in token && token.tokens ? inline(token.tokens, chalk) : plainText(token.raw);
      return wrap(text, width);
    }
  }
}

/** Code is never wrapped; what does not fit is cut. */
function codeLines(token: Tokens.Code, { chalk, width }: MarkdownStyle): string[] {
  const language = token.lang ? [chalk.dim(`  ${truncate(printable(token.lang), width - 2)}`)] : [];
  const lines = printable(token.text).split("\n");
  return [...language, ...lines.map((line) => `  ${chalk.cyan(truncate(line, width - 2))}`)];
}

function listLines(list: Tokens.List, style: MarkdownStyle): string[] {
  const lines: string[] = [];
  list.items.forEach((item, index) => {
    const start = typeof list.start === "number" ? list.start : 1;
    const marker = item.task ? (item.checked ? "[x] " : "[ ] ") : list.ordered ? `${start + index}. ` : "• ";
    const indent = " ".repeat(marker.length);
    const inner = itemLines(item, { ...style, width: style.width - marker.length });
    inner.forEach((line, at) => {
      lines.push(at === 0 ? `${marker}${line}` : line === "" ? "" : `${indent}${line}`);
    });
    if (inner.length === 0) lines.push(marker.trimEnd());
    if (list.loose && index < list.items.length - 1) lines.push("");
  });
  return lines;
}

function itemLines(item: Tokens.ListItem, style: MarkdownStyle): string[] {
  const tokens = item.tokens.filter((token) => token.type !== "checkbox");
  if (item.loose) return renderBlocks(tokens, style);
  return tokens.flatMap((token) => blockLines(token, style));
}
