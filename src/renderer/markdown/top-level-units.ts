import type { Blockquote, FootnoteDefinition, List, ListItem, RootContent } from "mdast";
import { lineAt, lineStart, opensFence } from "./line-syntax.js";
import { parseBlocks } from "./parse-markdown.js";

/** Kinds of block that are rendered as one. */
export type LeafKind = "content" | "quote" | "html" | "indented" | "other";

export interface Unit {
  readonly start: number;
  readonly node: RootContent;
  readonly kind: LeafKind | "list" | "table";
}

/**
 * What can be parsed apart. Definitions stay with a paragraph that follows at once, as it may become their title; and
 * so does any block that, without a blank line before it, reads differently by itself.
 */
export function unitsOf(text: string, nodes: readonly RootContent[]): Unit[] {
  const units: Unit[] = [];
  nodes.forEach((node, index) => {
    const start = lineStart(text, node.position?.start.offset ?? 0);
    const previous = nodes[index - 1];
    const adjoins = previous?.position?.end.line === (node.position?.start.line ?? 0) - 1;
    const title = previous?.type === "definition" && isContent(node);
    const openEnded =
      previous?.type === "code" && start > 0 && opensFence(lineAt(text, units.at(-1)?.start ?? 0)) === undefined;
    if ((adjoins && title) || ((adjoins || openEnded) && !readsAlike(text.slice(start), nodes.slice(index)))) {
      const joined = units.pop()?.start ?? start;
      units.push({ start: joined, node, kind: title ? kindOf(node) : "other" });
    } else {
      units.push({ start, node, kind: kindOf(node) });
    }
  });
  return units;
}

function isContent(node: RootContent): boolean {
  return node.type === "paragraph" || node.type === "definition" || node.type === "heading";
}

function readsAlike(source: string, nodes: readonly RootContent[]): boolean {
  return shape(parseBlocks(source).children) === shape(nodes);
}

/** The kinds of the blocks in `nodes`, nested. */
function shape(nodes: readonly RootContent[]): string {
  return nodes.map((node) => (isBlockContainer(node) ? `${node.type}(${shape(node.children)})` : node.type)).join();
}

function kindOf(node: RootContent): Unit["kind"] {
  switch (node.type) {
    case "list":
    case "table":
      return node.type;
    case "blockquote":
      return "quote";
    case "html":
      return "html";
    case "code":
      return "indented";
    case "footnoteDefinition":
      return "other";
    default:
      return "content";
  }
}

function isBlockContainer(node: RootContent): node is List | ListItem | Blockquote | FootnoteDefinition {
  return node.type === "listItem" || isContainer(node);
}

export function isContainer(node: RootContent): node is List | Blockquote | FootnoteDefinition {
  return node.type === "list" || node.type === "blockquote" || node.type === "footnoteDefinition";
}
