import type { Element, ElementContent, Root } from "hast";
import type { Root as MarkdownRoot } from "mdast";
import type { ReactElement } from "react";
import Markdown, { type Options } from "react-markdown";
import type { Processor } from "unified";
import type { Piece } from "./blocks.js";
import { stubs } from "./footnote-table.js";
import { footnoteHandlers } from "./footnotes.js";
import { components } from "./markdown-components.js";
import { parseMarkdown } from "./parse-markdown.js";

type Plugins = Options["remarkPlugins"];

const gfm: Plugins = [readsGfm];
const gfmLoose: Plugins = [readsGfm, () => setLooseness(true)];
const gfmTight: Plugins = [readsGfm, () => setLooseness(false)];
const separated: Plugins = [() => separate];
const itemOnly: Plugins = [() => keepOnly("li")];
const headOnly: Plugins = [() => keepOnly("thead")];
const rowsOnly: Plugins = [() => keepRows];

/** A finished block. */
export function renderBlock(piece: Piece, idPrefix: string): ReactElement {
  return render(piece, idPrefix, gfm, separated);
}

/** The `li` of a finished list item. */
export function renderItem(piece: Piece, idPrefix: string, loose: boolean): ReactElement {
  return render(piece, idPrefix, loose ? gfmLoose : gfmTight, itemOnly);
}

/** The `thead` of a table. */
export function renderHead(piece: Piece, idPrefix: string): ReactElement {
  return render(piece, idPrefix, gfm, headOnly);
}

/** The body rows of a piece of a table. */
export function renderRows(piece: Piece, idPrefix: string): ReactElement {
  return render(piece, idPrefix, gfm, rowsOnly);
}

function render(piece: Piece, idPrefix: string, remarkPlugins: Plugins, rehypePlugins: Plugins): ReactElement {
  const { source, definitions, footnotes } = piece;
  // A plain function without hooks: called, so that no component stands between a block and its elements.
  return Markdown({
    children: (footnotes ? stubs(footnotes.keys()) : "") + definitions + source,
    components,
    remarkPlugins,
    rehypePlugins,
    remarkRehypeOptions: footnotes && { handlers: footnoteHandlers(footnotes, idPrefix) },
  });
}

/** What remark-gfm does, put together once: react-markdown would do it for each block, for a third of a block's time. */
function readsGfm(this: Processor): void {
  this.parser = parseMarkdown;
}

/** An item rendered alone cannot see whether its list is loose: it is told. */
function setLooseness(loose: boolean): (tree: MarkdownRoot) => void {
  return (tree) => {
    for (const node of tree.children) {
      if (node.type !== "list") continue;
      node.spread = loose;
      if (!loose) for (const item of node.children) item.spread = false;
    }
  };
}

/** Raw HTML shows as bare text, which would run into that of the next block. */
function separate(tree: Root): void {
  if (tree.children.at(-1)?.type === "raw") tree.children.push({ type: "text", value: "\n" });
}

function keepOnly(tagName: "li" | "thead"): (tree: Root) => void {
  return (tree) => {
    const outer = tree.children.find((node): node is Element => node.type === "element");
    tree.children = outer ? outer.children.filter((node) => isElement(node, tagName)) : [];
  };
}

function keepRows(tree: Root): void {
  const table = tree.children.find((node): node is Element => node.type === "element");
  const body = table?.children.find((node): node is Element => isElement(node, "tbody"));
  tree.children = body ? body.children.filter((node) => isElement(node, "tr")) : [];
}

function isElement(node: ElementContent | Root["children"][number], tagName: string): boolean {
  return node.type === "element" && node.tagName === tagName;
}
