import { PairKeeper } from "../pair-keeper.js";
import { JsonEvents } from "./json-events.js";
import type { WantedJson } from "./json-start.js";
import { type FieldsLayout, MarkdownWriter } from "./markdown-writer.js";

/**
 * Turns the text of one JSON value, arriving in any pieces, into readable Markdown that only ever grows: fields as
 * `**name:** value`, arrays as lists. The Markdown depends on the whole text alone, not on how it was cut.
 */
export class MarkdownFields {
  readonly #writer: MarkdownWriter;
  readonly #events: JsonEvents;
  readonly #pairs = new PairKeeper();
  #text = "";
  #ended = false;

  /** `wanted` tells the value from the words around it. */
  constructor(layout?: FieldsLayout, wanted?: WantedJson) {
    this.#writer = new MarkdownWriter(layout);
    this.#events = new JsonEvents(this.#writer, wanted);
  }

  /** Takes more of the JSON text; gives the Markdown to append. */
  feed(json: string): string {
    this.#text += json;
    this.#events.feed(json);
    return this.#pairs.push(this.#writer.take());
  }

  /** Nothing more comes; gives the last of the Markdown. Text in which no JSON began is given as it is. */
  end(): string {
    if (this.#ended) return "";
    this.#ended = true;
    this.#events.end();
    if (!this.#events.hasBegun) return this.#text;
    return this.#pairs.push(this.#writer.take()) + this.#pairs.end();
  }

  /** The JSON value without what surrounds it (a Markdown fence, a sentence before it). */
  get json(): string {
    const { start, end } = this.#events.span;
    return this.#text.slice(start, end);
  }
}

/** The Markdown of a whole value. */
export function renderFields(value: unknown, layout?: FieldsLayout): string {
  const fields = new MarkdownFields(layout);
  return fields.feed(JSON.stringify(value) ?? "null") + fields.end();
}
