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

const whole = unified().use(remarkParse).use(remarkGfm).freeze();
const blocksOnly = unified().use(remarkParse).use(remarkGfm).use(withoutInline).freeze();

/** The syntax tree of GitHub Flavored Markdown, as react-markdown with remark-gfm reads it. */
export function parseMarkdown(source: string): Root {
  return whole.parse(source);
}

/** The same tree with the text of blocks left as it is: about a third of the work. */
export function parseBlocks(source: string): Root {
  return blocksOnly.parse(source);
}

function withoutInline(this: Processor): void {
  const data = this.data();
  data.micromarkExtensions = [...(data.micromarkExtensions ?? []), { disable: { null: inlineConstructs } }];
}
