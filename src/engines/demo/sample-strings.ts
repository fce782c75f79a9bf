import { SENTENCES, WORDS } from "./essay-voices.js";
import type { Random } from "./random.js";

const FORMATS: Readonly<Record<string, (random: Random) => string>> = {
  "date-time": (random) => `${date(random)}T${time(random)}Z`,
  date,
  time: (random) => `${time(random)}Z`,
  duration: (random) => `P${random.between(1, 30)}D`,
  email: (random) => `${random.pick(WORDS.noun)}@example.org`,
  "idn-email": (random) => `${random.pick(WORDS.noun)}@example.org`,
  hostname: (random) => `${random.pick(WORDS.noun)}.example.org`,
  ipv4: (random) => `192.0.2.${random.between(1, 254)}`,
  ipv6: (random) => `2001:db8::${random.between(1, 254)}`,
  uri: (random) => `https://example.org/${random.pick(WORDS.noun)}/${random.between(1, 400)}`,
  "uri-reference": (random) => `/${random.pick(WORDS.noun)}/${random.between(1, 400)}`,
  uuid: (random) => {
    const hex = (length: number) => Array.from({ length }, () => random.between(0, 15).toString(16)).join("");
    return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
  },
  regex: () => "^[a-z]+$",
  "json-pointer": (random) => `/${random.pick(WORDS.noun)}`,
};

/** A string for the field `key` that fits a string schema's format, lengths and, where it is a common one, pattern. */
export function sampleString(
  schema: Readonly<Record<string, unknown>>,
  key: string,
  random: Random,
  topic: string,
): string {
  const format = typeof schema.format === "string" ? FORMATS[schema.format] : undefined;
  if (format !== undefined) return format(random);
  const low = typeof schema.minLength === "number" ? schema.minLength : 0;
  const high = typeof schema.maxLength === "number" ? schema.maxLength : Number.POSITIVE_INFINITY;
  if (typeof schema.pattern === "string") {
    const match = patternCandidates(random).find((text) => fits(text, low, high) && matches(schema.pattern, text));
    if (match !== undefined) return match;
  }
  let text = freeText(key, random, topic);
  while (units(text) < low) text += ` ${sentence(random, topic)}`;
  return units(text) <= high ? text : shorten(text, low, high);
}

function freeText(key: string, random: Random, topic: string): string {
  const name = key.toLowerCase();
  if (/title|headline|subject|topic|name$/.test(name)) {
    return `${capitalise(random.pick(WORDS.adj))} ${random.pick(WORDS.noun)} of ${topic}`;
  }
  if (/^(id|key|code|slug|tag|tags|label|labels|kind|status|category)$/.test(name)) return random.pick(WORDS.noun);
  if (/url|link|href/.test(name)) return `https://example.org/${random.pick(WORDS.noun)}`;
  const count = /body|text|content|article|summary|description|report/.test(name) ? random.between(2, 4) : 1;
  return Array.from({ length: count }, () => sentence(random, topic)).join(" ");
}

function sentence(random: Random, topic: string): string {
  return random
    .pick(SENTENCES)
    .replace(/[*`~]|\[|\]\([^)]*\)/g, "")
    .replace(/\{(\w+)\}/g, (_, slot: string) => {
      if (slot === "topic") return topic;
      if (slot === "year") return String(random.between(1780, 1990));
      if (slot === "n") return String(random.between(2, 96));
      return random.pick(slot === "adj" ? WORDS.adj : slot === "place" ? WORDS.place : WORDS.noun);
    });
}

function patternCandidates(random: Random): string[] {
  const noun = random.pick(WORDS.noun);
  const digits = String(random.between(1_000_000_000, 2_000_000_000));
  const upper = noun.toUpperCase();
  const numbers = Array.from({ length: 10 }, (_, index) => digits.slice(0, index + 1));
  const letters = Array.from({ length: 6 }, (_, index) => [upper.slice(0, index + 1), noun.slice(0, index + 1)]).flat();
  return [
    noun,
    capitalise(noun),
    `${noun}-${random.pick(WORDS.adj)}`,
    `${noun}_${random.pick(WORDS.adj)}`,
    `${upper.slice(0, 3)}-${digits.slice(0, 3)}`,
    `${upper.slice(0, 3)}-${digits.slice(0, 4)}`,
    `${upper.slice(0, 2)}${digits.slice(0, 4)}`,
    `#${(random.between(0, 0xffffff) | 0x100000).toString(16)}`,
    `v${random.between(0, 9)}.${random.between(0, 9)}.${random.between(0, 9)}`,
    `${random.between(0, 9)}.${random.between(0, 9)}.${random.between(0, 9)}`,
    `https://example.org/${noun}`,
    date(random),
    time(random),
    ...numbers,
    ...letters,
  ];
}

function matches(pattern: unknown, text: string): boolean {
  try {
    return new RegExp(String(pattern), "u").test(text);
  } catch {
    return false;
  }
}

function date(random: Random): string {
  return `${random.between(1990, 2029)}-${two(random.between(1, 12))}-${two(random.between(1, 28))}`;
}

function time(random: Random): string {
  return `${two(random.between(0, 23))}:${two(random.between(0, 59))}:${two(random.between(0, 59))}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** JSON Schema counts code points. */
function units(text: string): number {
  return [...text].length;
}

function fits(text: string, low: number, high: number): boolean {
  return units(text) >= low && units(text) <= high;
}

function shorten(text: string, low: number, high: number): string {
  const cut = [...text].slice(0, high).join("");
  const words = cut.slice(0, Math.max(cut.lastIndexOf(" "), 0)).trimEnd();
  return units(words) >= Math.max(low, 1) ? words : cut;
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
