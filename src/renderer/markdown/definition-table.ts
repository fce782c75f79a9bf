import type { Definition, Nodes } from "mdast";
import { labelsIn, normaliseLabel } from "./labels.js";
import { parseBlocks } from "./parse-markdown.js";

export interface LinkTarget {
  readonly href: string;
  readonly title: string | null;
}

/** The link definitions of one document; of several with one label the first counts. */
export class DefinitionTable {
  readonly #targets = new Map<string, LinkTarget>();

  /** Takes in what `source` defines, and returns the labels that were not defined before. */
  collect(source: string): ReadonlySet<string> {
    const added = new Set<string>();
    if (!source.includes("]:")) return added;
    for (const { identifier, url, title } of definitionsIn(parseBlocks(source))) {
      const label = normaliseLabel(identifier);
      if (this.#targets.has(label)) continue;
      this.#targets.set(label, { href: url, title: title ?? null });
      added.add(label);
    }
    return added;
  }

  /** The definitions that `source` may refer to, as Markdown to be put before it. */
  usedBy(source: string): string {
    if (this.#targets.size === 0) return "";
    let markdown = "";
    for (const label of labelsIn(source)) {
      const target = this.#targets.get(label);
      if (target) markdown += definitionMarkdown(label, target);
    }
    return markdown;
  }

  refersTo(source: string, labels: ReadonlySet<string>): boolean {
    for (const label of labelsIn(source)) if (labels.has(label)) return true;
    return false;
  }

  get size(): number {
    return this.#targets.size;
  }

  /** The targets by lower-case label. */
  entries(): Iterable<readonly [string, LinkTarget]> {
    return this.#targets;
  }
}

function* definitionsIn(node: Nodes): Generator<Definition> {
  if (node.type === "definition") yield node;
  else if ("children" in node) for (const child of node.children) yield* definitionsIn(child);
}

function definitionMarkdown(label: string, { href, title }: LinkTarget): string {
  const destination = href.replace(/[\\<>&]/g, "\\$&").replace(/\n/g, "&#10;");
  const suffix = title === null ? "" : ` "${title.replace(/[\\"&]/g, "\\$&").replace(/\n/g, "&#10;")}"`;
  return `[${label}]: <${destination}>${suffix}\n\n`;
}
