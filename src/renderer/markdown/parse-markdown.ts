import type { Root } from "mdast";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { type Processor, unified } from "unified";

/** What stands for something inside a line, by the parser's names. None of it decides where a block ends. */
const inlineConstructs = [
  ...["attention", "autolink", "codeText", "hardBreakEscape", "htmlText"],
  ...["labelEnd", "labelStartImage", "labelStartLink", "strikethrough", "gfmFootnoteCall", "gfmPotentialFootnoteCall"],
  ...["emailAutolink", "protocolAutolink", "wwwAutolink"],
];

/**
 * What GitHub's additions need: tables, strikethrough, footnotes, task boxes, and bare addresses; these also where an
 * escape or a reference stands for one of their characters.
 */
const ADDITIONS = /[|~@\\&]|:-|-:|:\/\/|www\.|\[(?:\^|[\sxX]\])/i;

const whole = unified().use(remarkParse).use(remarkGfm).freeze();
const plain = unified().use(remarkParse).freeze();
const blocksOnly = unified().use(remarkParse).use(remarkGfm).use(withoutInline).freeze();

/**
 * The syntax tree of GitHub Flavored Markdown, as react-markdown with remark-gfm reads it. Without the additions, where
 * `source` has none of them: they are half of the work.
 */
export function parseMarkdown(source: string): Root {
  return (ADDITIONS.test(source) ? whole : plain).parse(source);
}

/** The same tree with the text of blocks left as it is: about a third of the work. */
export function parseBlocks(source: string): Root {
  return blocksOnly.parse(source);
}

function withoutInline(this: Processor): void {
  const data = this.data();
  data.micromarkExtensions = [...(data.micromarkExtensions ?? []), { disable: { null: inlineConstructs } }];
}
