import type { Nodes } from "mdast";
import { labelsIn } from "./labels.js";
import { parseMarkdown } from "./parse-markdown.js";

/** What the references of one piece to one footnote show. */
export interface FootnoteUse {
  readonly number: number;
  /** References to the same footnote in the pieces before. */
  readonly earlier: number;
}

/** By footnote identifier. */
export type FootnoteUses = ReadonlyMap<string, FootnoteUse>;

export interface FootnoteSection {
  /** Markdown that holds every definition, among other things. */
  readonly source: string;
  /** Link definitions that `source` refers to, as Markdown. */
  readonly definitions: string;
  /** Identifiers in the order of the document's references, repeats included. */
  readonly references: readonly string[];
}

/** The footnotes of one document: what defines them, and which pieces refer to them. */
export class FootnoteTable {
  readonly #defined = new Set<string>();
  readonly #sources: string[] = [];
  readonly #referring: { readonly id: number; readonly references: readonly string[] }[] = [];

  /** Takes in a finished piece; true where it may change what references show. */
  collect(id: number, source: string): boolean {
    const labels = [...labelsIn(source)].filter((label) => label.startsWith("^") && label.length > 1);
    if (labels.length === 0) return false;
    const stubbed = stubs(labels.map((label) => label.slice(1)));
    const { definitions, references } = footnotesIn(parseMarkdown(stubbed + source), stubbed.length);
    if (definitions.length > 0) this.#sources.push(source);
    for (const identifier of definitions) this.#defined.add(identifier);
    if (references.length > 0) this.#referring.push({ id, references });
    return true;
  }

  /** What each piece's references show, by the piece's id. */
  numbering(): ReadonlyMap<number, FootnoteUses> {
    const numbers = new Map<string, number>();
    const counts = new Map<string, number>();
    const pieces = new Map<number, FootnoteUses>();
    for (const { id, references } of this.#referring) {
      const uses = new Map<string, FootnoteUse>();
      for (const label of references.filter((label) => this.#defined.has(label))) {
        const number = numbers.get(label) ?? numbers.size + 1;
        numbers.set(label, number);
        const earlier = counts.get(label) ?? 0;
        counts.set(label, earlier + 1);
        if (!uses.has(label)) uses.set(label, { number, earlier });
      }
      pieces.set(id, uses);
    }
    return pieces;
  }

  /** @param linkDefinitions gives the link definitions that a source refers to, as Markdown */
  section(linkDefinitions: (source: string) => string): FootnoteSection | undefined {
    const references = this.#referring.flatMap((piece) => piece.references.filter((label) => this.#defined.has(label)));
    if (references.length === 0) return undefined;
    const source = this.#sources.join("\n\n");
    return { source, definitions: linkDefinitions(source), references };
  }
}

/** Definitions without content, so that references are read as such; what follows is certainly not part of them. */
export function stubs(identifiers: Iterable<string>): string {
  let markdown = "";
  for (const identifier of identifiers) markdown += `[^${identifier}]: x\n\n`;
  return `${markdown}[end of stubs]: <#>\n\n`;
}

export function sameUses(a: FootnoteUses | undefined, b: FootnoteUses | undefined): boolean {
  if (a === b) return true;
  if ((a?.size ?? 0) !== (b?.size ?? 0)) return false;
  for (const [label, use] of a ?? []) {
    const other = b?.get(label);
    if (other?.number !== use.number || other.earlier !== use.earlier) return false;
  }
  return true;
}

/** Identifiers of the definitions that start at `from` or later, and of the references outside of definitions. */
function footnotesIn(root: Nodes, from: number): { definitions: string[]; references: string[] } {
  const definitions: string[] = [];
  const references: string[] = [];
  const visit = (node: Nodes, inDefinition: boolean): void => {
    if (node.type === "footnoteDefinition" && (node.position?.start.offset ?? 0) >= from) {
      definitions.push(node.identifier);
    }
    if (node.type === "footnoteReference" && !inDefinition) references.push(node.identifier);
    if (!("children" in node)) return;
    for (const child of node.children) visit(child, inDefinition || node.type === "footnoteDefinition");
  };
  visit(root, false);
  return { definitions, references };
}
