import type { ReactElement, ReactNode } from "react";

/** The key of a child that is told by its place: for children that are only ever added at the end. */
export function keyAt(name: string, index: number): string {
  return `${name}-${index}`;
}

/**
 * Children keyed the way react-markdown keys them (`p-0`, `p-1`, `ul-0`), strings merged, so that React keeps the
 * elements when the open end of a document is replaced by its finished form.
 */
export class KeyedChildren {
  readonly #nodes: ReactNode[] = [];
  readonly #counts = new Map<string, number>();
  #text = "";

  text(value: string): void {
    this.#text += value;
  }

  element(tagName: string, make: (key: string) => ReactElement): void {
    this.#flush();
    const count = this.#counts.get(tagName) ?? 0;
    this.#counts.set(tagName, count + 1);
    this.#nodes.push(make(keyAt(tagName, count)));
  }

  /** One child bare, several as an array: React treats the two differently. */
  get nodes(): ReactNode {
    this.#flush();
    return this.#nodes.length > 1 ? this.#nodes : this.#nodes[0];
  }

  #flush(): void {
    if (this.#text === "") return;
    this.#nodes.push(this.#text);
    this.#text = "";
  }
}
