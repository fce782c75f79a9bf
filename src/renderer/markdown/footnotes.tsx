import type { Element, Root } from "hast";
import type { FootnoteDefinition, Root as MarkdownRoot, Nodes } from "mdast";
import { createContext, memo, type ReactNode, useContext } from "react";
import Markdown, { type Options } from "react-markdown";
import remarkGfm from "remark-gfm";
import type { FootnoteSection, FootnoteUses } from "./footnote-table.js";
import { components } from "./markdown-components.js";

/** What the ids of a document's footnotes start with, so that several documents fit on one page. */
export const IdPrefixContext = createContext("md-");

type Handlers = NonNullable<NonNullable<Options["remarkRehypeOptions"]>["handlers"]>;

/** Shows references with the numbers they have in the whole document, where remark-rehype would count from one. */
export function footnoteHandlers(uses: FootnoteUses, idPrefix: string): Handlers {
  const seen = new Map<string, number>();
  return {
    footnoteReference(_state: unknown, node: { identifier: string }): Element | undefined {
      const use = uses.get(node.identifier);
      if (!use) return undefined;
      const count = (seen.get(node.identifier) ?? use.earlier) + 1;
      seen.set(node.identifier, count);
      return reference(use.number, count, encodeURI(node.identifier), idPrefix);
    },
  };
}

function reference(number: number, count: number, id: string, idPrefix: string): Element {
  const link: Element = {
    type: "element",
    tagName: "a",
    properties: {
      href: `#${idPrefix}fn-${id}`,
      id: `${idPrefix}fnref-${id}${count > 1 ? `-${count}` : ""}`,
      dataFootnoteRef: true,
      ariaDescribedBy: [`${idPrefix}footnote-label`],
    },
    children: [{ type: "text", value: String(number) }],
  };
  return { type: "element", tagName: "sup", properties: {}, children: [link] };
}

/** The section at the end that says what the footnotes say. */
export const Footnotes = memo(function Footnotes({ section }: { section: FootnoteSection }): ReactNode {
  const idPrefix = useContext(IdPrefixContext);
  return Markdown({
    children: section.definitions + section.source,
    components,
    remarkPlugins: [remarkGfm, () => (tree) => onlyDefinitions(tree as MarkdownRoot, section.references)],
    rehypePlugins: [() => (tree) => onlySection(tree as Root, idPrefix)],
    remarkRehypeOptions: { clobberPrefix: idPrefix },
  });
});

/** Leaves the definitions, after a paragraph that refers to them as the document does. */
function onlyDefinitions(tree: MarkdownRoot, references: readonly string[]): void {
  const definitions: FootnoteDefinition[] = [];
  const visit = (node: Nodes): void => {
    if (node.type === "footnoteDefinition") definitions.push(node);
    if ("children" in node) for (const child of node.children) visit(child);
  };
  visit(tree);
  const links = tree.children.filter((node) => node.type === "definition");
  tree.children = [
    {
      type: "paragraph",
      children: references.map((identifier) => ({ type: "footnoteReference", identifier })),
    },
    ...links,
    ...definitions,
  ];
}

function onlySection(tree: Root, idPrefix: string): void {
  const section = tree.children.find((node) => node.type === "element" && node.tagName === "section");
  tree.children = section ? [section] : [];
  if (section?.type !== "element") return;
  const label = section.children.find((node) => node.type === "element");
  if (label?.type === "element") label.properties.id = `${idPrefix}footnote-label`;
}
