import { type BlockKind, CODE, SENTENCES, type Voice, WORDS } from "./essay-voices.js";
import type { Random } from "./random.js";

export interface EssaySubject {
  readonly topic: string;
  /** Other strings of the consumed artifacts, to be quoted. */
  readonly details: readonly string[];
}

export interface BlockWriter {
  block(kind: BlockKind): string;
  heading(level: number): string;
  sentence(): string;
}

export function createBlockWriter(voice: Voice, subject: EssaySubject, random: Random): BlockWriter {
  const word = fresh(random);
  const inline = /^(The|A|An|On|In) [a-z]/.test(subject.topic)
    ? subject.topic.charAt(0).toLowerCase() + subject.topic.slice(1)
    : subject.topic;
  const fill = (template: string) => {
    let year = random.between(1780, 1840);
    const filled = template.replace(/\{(topic|noun|Noun|adj|place|year|n)\}/g, (_, slot: string) => {
      if (slot === "topic") return inline;
      if (slot === "n") return String(random.between(2, 96));
      if (slot === "Noun") return capitalise(word(WORDS.noun));
      if (slot !== "year") return word(WORDS[slot as keyof typeof WORDS]);
      year += random.between(3, 60);
      return String(year);
    });
    return filled.replace(/\b([Aa]) (?=[*`~]*[aeiou])/g, "$1n ");
  };
  const sentence = () => capitalise(fill(word(random.next() < 0.4 ? voice.sentences : SENTENCES)));
  const times = (low: number, high: number, make: (index: number) => string) =>
    Array.from({ length: random.between(low, high) }, (_, index) => make(index));
  const phrase = () => `${word(WORDS.adj)} ${word(WORDS.noun)}`;

  const makers: Readonly<Record<BlockKind, () => string>> = {
    paragraph: () => times(2, 5, sentence).join(" "),
    list: () => times(3, 5, () => `- ${sentence()}`).join("\n"),
    numbered: () => times(3, 5, (index) => `${index + 1}. **${capitalise(phrase())}.** ${sentence()}`).join("\n"),
    nested: () =>
      times(2, 3, () =>
        [
          `- ${capitalise(phrase())}`,
          ...times(1, 3, () => `  - ${sentence()}`),
          ...times(0, 1, () => `    - ${phrase()}`),
        ].join("\n"),
      ).join("\n"),
    tasks: () => times(3, 5, () => `- [${random.next() < 0.5 ? "x" : " "}] ${sentence()}`).join("\n"),
    table: () => {
      const rows = times(3, 6, () => {
        return `| ${capitalise(word(WORDS.place))} | ${phrase()} | ${random.between(3, 980)} | ${random.between(1, 99)} % |`;
      });
      return ["| Place | What changed | Count | Share |", "| :-- | :-- | --: | --: |", ...rows].join("\n");
    },
    code: () => fill(word(CODE)),
    quote: () => {
      const detail =
        subject.details.length > 0 && random.next() < 0.5
          ? subject.details[random.between(0, subject.details.length - 1)]
          : undefined;
      return detail === undefined ? `> ${sentence()}\n>\n> ${sentence()}` : `> ${detail}\n\n${sentence()}`;
    },
    verse: () => times(3, 5, () => `> ${fill(word(VERSE))}`).join("  \n"),
    links: () =>
      times(2, 3, () => {
        const noun = word(WORDS.noun);
        return `- [${capitalise(noun)} of the ${word(WORDS.place)}](https://example.org/${noun}/${random.between(1, 400)}): ${phrase()}`;
      }).join("\n"),
  };

  return {
    block: (kind) => makers[kind](),
    heading: (level) => `${"#".repeat(level)} ${capitalise(fill(word(voice.headings)))}`,
    sentence,
  };
}

const VERSE: readonly [string, ...string[]] = [
  "The {adj} {noun} of the {place},",
  "and {topic} comes in on the tide,",
  "no {noun} but the {adj} light,",
  "we counted {n}, and lost the rest;",
  "a {noun} folded in a coat,",
  "as {adj} as the {place} at noon,",
  "what {year} owed, the {noun} paid.",
];

/** Picks as `random` does, but not what it picked a moment ago. */
function fresh(random: Random): (items: readonly [string, ...string[]]) => string {
  const recent = new Map<readonly string[], string[]>();
  return (items) => {
    const last = recent.get(items) ?? [];
    recent.set(items, last);
    let item = random.pick(items);
    for (let tries = 0; last.includes(item) && tries < 8; tries++) item = random.pick(items);
    last.push(item);
    if (last.length > items.length / 2) last.shift();
    return item;
  };
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
