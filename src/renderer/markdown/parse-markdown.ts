import type { Root } from "mdast";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { unified } from "unified";

const processor = unified().use(remarkParse).use(remarkGfm).freeze();

/** The syntax tree of GitHub Flavored Markdown, as react-markdown with remark-gfm reads it. */
export function parseMarkdown(source: string): Root {
  return processor.parse(source);
}
