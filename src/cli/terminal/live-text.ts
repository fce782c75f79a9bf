/** The text of the live panel: its last lines, as Markdown, at a cost that does not grow with the text before them. */
import type { Token } from "marked";
import { lexBlocks, type MarkdownStyle, renderBlocks } from "./markdown.js";

/** A text as it grows: units by offset. */
export interface GrowingText {
  readonly start: number;
  readonly end: number;
  readonly generation: number;
  slice(from?: number, to?: number): string;
}

/** One block longer than this is shown from its last part on. */
const MAX_UNITS = 16_000;

export class LiveText {
  #from = 0;
  #generation = -1;

  /** At most `rows` lines, the newest last. */
  lines(text: GrowingText, style: MarkdownStyle, rows: number): readonly string[] {
    if (text.generation !== this.#generation) {
      this.#generation = text.generation;
      this.#from = text.start;
    }
    this.#from = Math.max(this.#from, text.end - MAX_UNITS);
    const tokens = lexBlocks(text.slice(this.#from));
    const lines = renderBlocks(tokens, style);
    if (lines.length > rows * 2) this.#forget(tokens, style, rows);
    return lines.slice(-Math.max(rows, 0));
  }

  /** Later calls begin at the last blocks that still fill twice the rows. */
  #forget(tokens: readonly Token[], style: MarkdownStyle, rows: number): void {
    let kept = 0;
    let first = tokens.length;
    while (first > 0 && kept < rows * 2) {
      first -= 1;
      const token = tokens[first];
      if (token !== undefined) kept += renderBlocks([token], style).length + 1;
    }
    this.#from += tokens.slice(0, first).reduce((units, token) => units + token.raw.length, 0);
  }
}
