import type { Element, ElementContent, Root } from "hast";
import type { Root as MarkdownRoot } from "mdast";
import type { ReactElement } from "react";
import Markdown, { type Options } from "react-markdown";
import remarkGfm from "remark-gfm";
import type { Piece } from "./blocks.js";
import { components } from "./markdown-components.js";

const gfm: Options["remarkPlugins"] = [remarkGfm];
const gfmLoose: Options["remarkPlugins"] = [remarkGfm, () => setLooseness(true)];
const gfmTight: Options["remarkPlugins"] = [remarkGfm, () => setLooseness(false)];
const separated: Options["rehypePlugins"] = [() => separate];
const itemOnly: Options["rehypePlugins"] = [() => keepOnly("li")];
const headOnly: Options["rehypePlugins"] = [() => keepOnly("thead")];
const rowsOnly: Options["rehypePlugins"] = [() => keepRows];

/** A finished block. */
export function renderBlock(piece: Piece): ReactElement {
  return render(piece, gfm, separated);
}

/** The `li` of a finished list item. */
export function renderItem(piece: Piece, loose: boolean): ReactElement {
  return render(piece, loose ? gfmLoose : gfmTight, itemOnly);
}

/** The `thead` of a table. */
export function renderHead(piece: Piece): ReactElement {
  return render(piece, gfm, headOnly);
}

/** The body rows of a piece of a table. */
export function renderRows(piece: Piece): ReactElement {
  return render(piece, gfm, rowsOnly);
}

function render(piece: Piece, remarkPlugins: Options["remarkPlugins"], rehypePlugins?: Options["rehypePlugins"]) {
  // A plain function without hooks: called, so that no component stands between a block and its elements.
  return Markdown({ children: piece.definitions + piece.source, components, remarkPlugins, rehypePlugins });
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
