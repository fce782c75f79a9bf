/** Reads YAML nodes by the shapes that a flock file has, noting every fault at the node it belongs to. */
import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node } from "yaml";
import { aliasesOf } from "./aliases.js";
import { FaultList, type Place } from "./fault-list.js";
import { didYouMean } from "./suggest.js";
import { placeInScalar } from "./text-place.js";

/** One `key: value` of a map. `value` is undefined where nothing is written. */
export interface Field {
  readonly key: string;
  readonly keyNode: Place;
  readonly value: Node | undefined;
  /** The value, else the key: where a fault of this field is. */
  readonly place: Place;
}

export type Fields<Key extends string> = { readonly [K in Key]?: Field };

/** Words for a value's kind, as a person would say it. */
function kindOf(node: Node | undefined): string {
  if (node === undefined) return "nothing";
  if (isMap(node)) return "a map";
  if (isSeq(node)) return "a list";
  if (isScalar(node)) {
    if (node.value === null) return "nothing";
    return typeof node.value === "string" ? `"${node.value.slice(0, 40)}"` : String(node.value);
  }
  return "something else";
}

export class Source {
  readonly faults: FaultList;
  readonly #document: Document;
  readonly #text: string;
  readonly #aliases: ReadonlyMap<Alias, Node>;

  constructor(document: Document, text: string, lines: LineCounter) {
    this.#document = document;
    this.#aliases = aliasesOf(document);
    this.#text = text;
    this.faults = new FaultList(lines);
  }

  /** What an alias stands for; undefined where there is no such anchor before it. */
  anchored(alias: Alias): Node | undefined {
    return this.#aliases.get(alias);
  }

  /** Follows an alias; an empty value is undefined. */
  resolve(node: unknown): Node | undefined {
    const target = isAlias(node) ? this.anchored(node) : node;
    if (isScalar(target)) return target.value === null ? undefined : target;
    return isMap(target) || isSeq(target) ? target : undefined;
  }

  /** All fields of a map, whatever their keys. Undefined, with a fault, if it is none. */
  entries(field: Field, what: string, hint: string): readonly Field[] | undefined {
    const node = field.value;
    if (!isMap(node)) {
      this.faults.error(field.place, `${what} must be a map, not ${kindOf(node)}.`, hint);
      return undefined;
    }
    const fields: Field[] = [];
    for (const pair of node.items) {
      const key = isAlias(pair.key) ? this.anchored(pair.key) : pair.key;
      if (!isScalar(key) || key.value === null) {
        this.faults.error(
          isScalar(key) || isMap(key) || isSeq(key) ? key : field.place,
          `A key of ${what} must be a word.`,
          hint,
        );
        continue;
      }
      const keyNode: Place = isScalar(pair.key) || isAlias(pair.key) ? pair.key : key;
      fields.push(this.#field(String(key.value), keyNode, pair.value));
    }
    return fields;
  }

  /** A map whose keys are known; others are faults. `notes` says more about particular wrong keys. */
  fields<Key extends string>(
    field: Field,
    what: string,
    known: readonly Key[],
    notes: Readonly<Record<string, string>> = {},
  ): Fields<Key> | undefined {
    const entries = this.entries(field, what, `It has: ${known.join(", ")}.`);
    if (entries === undefined) return undefined;
    // Keys may be names of types, and a type may be named as a property that every object has.
    const found: { [K in Key]?: Field } = Object.create(null);
    for (const entry of entries) {
      const key = known.find((name) => name === entry.key);
      if (key !== undefined) found[key] = entry;
      else {
        const note = Object.hasOwn(notes, entry.key) ? notes[entry.key] : undefined;
        this.faults.error(
          entry.keyNode,
          `${what} has no key "${entry.key}".`,
          note ?? didYouMean(entry.key, known, `It has: ${known.join(", ")}.`),
        );
      }
    }
    return found;
  }

  /** The items of a list. Undefined, with a fault, if it is none. */
  items(field: Field, what: string, hint: string): readonly Field[] | undefined {
    if (!isSeq(field.value)) {
      this.faults.error(field.place, `${what} must be a list, not ${kindOf(field.value)}.`, hint);
      return undefined;
    }
    return field.value.items.map((item) => this.#field(field.key, field.place, item));
  }

  text(field: Field | undefined, what: string, hint = "Write a text."): string | undefined {
    if (field === undefined) return undefined;
    const value = this.scalar(field);
    if (typeof value === "string" && value.trim() !== "") return value;
    this.faults.error(field.place, `${what} must be a text, not ${kindOf(field.value)}.`, hint);
    return undefined;
  }

  texts(field: Field | undefined, what: string, hint: string): string[] | undefined {
    if (field === undefined) return undefined;
    const items = this.items(field, what, hint);
    return items?.map((item) => this.text(item, `Each of ${what}`, hint)).filter((item) => item !== undefined);
  }

  integer(
    field: Field | undefined,
    what: string,
    minimum: number,
    maximum = Number.MAX_SAFE_INTEGER,
  ): number | undefined {
    if (field === undefined) return undefined;
    const value = this.scalar(field);
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= minimum && value <= maximum) return value;
    const least = minimum > Number.MIN_SAFE_INTEGER ? ` of at least ${minimum}` : "";
    const most = maximum < Number.MAX_SAFE_INTEGER ? ` and at most ${maximum}` : "";
    this.faults.error(
      field.place,
      `${what} must be a whole number${least}${most}, not ${kindOf(field.value)}.`,
      `Write for example ${field.key}: 3.`,
    );
    return undefined;
  }

  boolean(field: Field | undefined, what: string): boolean | undefined {
    if (field === undefined) return undefined;
    const value = this.scalar(field);
    if (typeof value === "boolean") return value;
    this.faults.error(field.place, `${what} must be true or false, not ${kindOf(field.value)}.`, "Write one of them.");
    return undefined;
  }

  oneOf<Word extends string>(field: Field | undefined, what: string, words: readonly Word[]): Word | undefined {
    if (field === undefined) return undefined;
    const value = this.scalar(field);
    const word = words.find((candidate) => candidate === value);
    if (word !== undefined) return word;
    this.faults.error(field.place, `${what} cannot be ${kindOf(field.value)}.`, didYouMean(String(value), words));
    return undefined;
  }

  scalar(field: Field): unknown {
    return isScalar(field.value) ? field.value.value : undefined;
  }

  isMap(field: Field): boolean {
    return isMap(field.value);
  }

  isList(field: Field): boolean {
    return isSeq(field.value);
  }

  isEmptyList(field: Field): boolean {
    return isSeq(field.value) && field.value.items.length === 0;
  }

  /** The value as plain data. Undefined, with a fault, if aliases make it too large. */
  data(field: Field): unknown {
    try {
      return field.value?.toJS(this.#document, { maxAliasCount: 100 });
    } catch (error) {
      this.faults.error(
        field.place,
        error instanceof Error ? `${error.message}.` : "This cannot be read.",
        "Use fewer aliases.",
      );
      return undefined;
    }
  }

  /** The place of a value inside a field, by its path; as near as the file goes. */
  placeIn(field: Field, path: readonly string[]): Place {
    let node: Node | undefined = field.value;
    let place: Place = field.place;
    for (const step of path) {
      if (isMap(node)) {
        const pair: unknown = node.items.find((item) => isScalar(item.key) && String(item.key.value) === step);
        if (typeof pair !== "object" || pair === null || !("key" in pair) || !("value" in pair)) return place;
        node = this.resolve(pair.value);
        place = isScalar(pair.key) ? pair.key : place;
      } else if (isSeq(node)) {
        node = this.resolve(node.items[Number(step)]);
        place = node ?? place;
      } else return place;
    }
    return place;
  }

  /** The place `offset` characters into a text. */
  placeInText(field: Field, offset: number): Place {
    return (field.value && placeInScalar(field.value, this.#text, offset)) ?? field.place;
  }

  #field(key: string, keyNode: Place, raw: unknown): Field {
    const value = this.resolve(raw);
    const written: Place = isAlias(raw) || value !== undefined ? (isAlias(raw) ? raw : value) : undefined;
    return { key, keyNode, value, place: written ?? keyNode };
  }
}
