/** Deterministic Markdown for the development page and the benchmark: headings, lists, tables, code, links. */

/** Mulberry32: a small seeded generator of [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const SUBJECTS = [
  "The first builders",
  "A careful reader",
  "Every workshop of the period",
  "The surviving notebooks",
  "Insurance clerks",
  "Two brothers from a bicycle shop",
  "The weather office",
  "A glider over the dunes",
  "The ticket seller",
  "Nobody in the valley",
];
const VERBS = [
  "measured",
  "paid for",
  "kept a record of",
  "argued about",
  "quietly replaced",
  "could not explain",
  "wrote down",
  "trusted",
  "gave up on",
  "returned to",
];
const OBJECTS = [
  "the warping of the wing, one degree at a time",
  "paper, silk and varnish in equal parts",
  "an engine that weighed as much as its pilot",
  "the wind at noon and the wind at four",
  "a price that halved every nine years",
  "maps drawn for railways, not for crossings",
  "the long silence between two letters",
  "what the hand had learned and the drawing had not",
  "the coast, the fog and the hour of the tide",
  "ordinary seats in an extraordinary machine",
];
const HEADINGS = [
  "Kites, gliders, engines",
  "What a ticket cost",
  "The field at Kitty Hawk",
  "A ledger of the wind",
  "Where the mail went first",
  "Routes over water",
  "What was lost",
  "A note on sources",
];

function pick<T>(random: () => number, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)] as T;
}

function sentence(random: () => number): string {
  const object = pick(random, OBJECTS);
  const emphasised = random() < 0.12 ? `*${object}*` : object;
  return `${pick(random, SUBJECTS)} ${pick(random, VERBS)} ${emphasised}.`;
}

function paragraph(random: () => number, sentences: number): string {
  return Array.from({ length: sentences }, () => sentence(random)).join(" ");
}

function table(random: () => number): string {
  const rows = ["1903", "1919", "1933", "1958"].map(
    (year) => `| ${year} | ${Math.round(random() * 900 + 20)} km | ${Math.round(random() * 300 + 4)} |`,
  );
  return ["| Year | Reach | Seats |", "|---|---:|---:|", ...rows].join("\n");
}

const CODE = [
  "```ts",
  "export function lift(area: number, speed: number): number {",
  "  const density = 1.225; // kg/m³ at sea level",
  "  return 0.5 * density * speed ** 2 * area * 0.7;",
  "}",
  "```",
].join("\n");

function block(random: () => number, index: number): string {
  const kind = random();
  if (index > 0 && kind < 0.16) return `## ${pick(random, HEADINGS)}`;
  if (kind < 0.3) return Array.from({ length: 4 }, () => `- ${sentence(random)}`).join("\n");
  if (kind < 0.36) return `> ${sentence(random)} ${sentence(random)}`;
  if (kind < 0.42) return table(random);
  if (kind < 0.47) return CODE;
  if (kind < 0.53) return `See [the archive](https://example.org/archive) and \`wing.warp()\`. ${sentence(random)}`;
  return paragraph(random, 3 + Math.floor(random() * 3));
}

/** At least `units` UTF-16 units of an essay on `topic`. */
export function essay(topic: string, units: number, seed: number): string {
  const random = seeded(seed);
  let text = `## ${pick(random, HEADINGS)}\n\n${topic}: ${paragraph(random, 3)}`;
  for (let index = 1; text.length < units; index += 1) text += `\n\n${block(random, index)}`;
  return text;
}
