/** How a demo agent writes: which blocks it likes and which sentences are its own. */
export interface Voice {
  readonly name: string;
  /** Words in an agent's name or description that call for this voice. */
  readonly calledBy: RegExp;
  readonly blocks: readonly [BlockKind, ...BlockKind[]];
  readonly headings: readonly [string, ...string[]];
  readonly sentences: readonly [string, ...string[]];
}

export type BlockKind =
  | "paragraph"
  | "list"
  | "nested"
  | "tasks"
  | "table"
  | "code"
  | "quote"
  | "verse"
  | "links"
  | "numbered";

/** `{topic}` is the subject, the other slots are filled from `WORDS`, `{n}` and `{year}` with numbers. */
export const VOICES: readonly [Voice, ...Voice[]] = [
  {
    name: "essay",
    calledBy: /^$/,
    blocks: ["paragraph", "paragraph", "list", "nested", "table", "quote", "code", "tasks", "links", "numbered"],
    headings: ["What is at stake", "Where it began", "The case in short", "A closer look", "What remains open"],
    sentences: [
      "Few subjects reward patience as {topic} does.",
      "It is easy to overstate the {noun}, and easier still to overlook it.",
      "The {adj} part is not the {noun} but the {noun} behind it.",
    ],
  },
  {
    name: "verse",
    calledBy: /\b(poet|poem|verse|lyric|song|haiku|ballad)/,
    blocks: ["verse", "verse", "paragraph", "quote", "verse", "list"],
    headings: ["First light", "The turning", "A second voice", "Refrain", "What the wind kept"],
    sentences: [
      "The {noun} learned its own name in the {place}.",
      "Say {topic}, and the {adj} hours lean in to listen.",
      "Nothing is lost here; it is only {adj}.",
    ],
  },
  {
    name: "code",
    calledBy: /\b(engineer|develop|coder|coding|code|program|software|architect|devops|technical|api\b)/,
    blocks: ["paragraph", "code", "list", "code", "table", "tasks", "code", "nested", "links", "numbered"],
    headings: ["Design", "Interface", "Failure modes", "Trade-offs", "How to try it", "Rollout"],
    sentences: [
      "The {noun} belongs behind one interface, so that the {noun} can change without it.",
      "We measured first: the `{noun}` path took {n} ms of every second.",
      "A {adj} default beats a {adj} option that nobody finds.",
    ],
  },
  {
    name: "figures",
    calledBy: /\b(econom|financ|market|analyst|analy[sz]|data\b|statist|budget|pric|account|trade)/,
    blocks: ["paragraph", "table", "list", "paragraph", "table", "code", "numbered", "quote", "links"],
    headings: ["The figures", "Cost and return", "Who pays", "Sensitivity", "Outlook", "Method"],
    sentences: [
      "Between {year} and {year} the {noun} grew by {n} percent, most of it in the {place}.",
      "Read the {noun} per head and the picture is less {adj}.",
      "The first {n} percent cost as much as all the rest.",
    ],
  },
  {
    name: "history",
    calledBy: /\b(histor|timeline|chronic|archiv|biograph|past\b)/,
    blocks: ["paragraph", "numbered", "paragraph", "quote", "table", "nested", "links", "list"],
    headings: ["Before {year}", "The first attempts", "A turning point", "Names worth keeping", "The long aftermath"],
    sentences: [
      "In {year} a {adj} letter from the {place} changed the tone.",
      "The sources disagree about the {noun}; they agree about the {noun}.",
      "By {year}, {topic} had its first {noun} and its first doubters.",
    ],
  },
  {
    name: "review",
    calledBy: /\b(critic|review|edit|judge|fact|check|proof|referee|score|rate\b|compare)/,
    blocks: ["paragraph", "tasks", "table", "quote", "nested", "list", "paragraph", "tasks"],
    headings: ["Verdict", "What works", "What does not", "Checked claims", "Changes asked for"],
    sentences: [
      "The claim about the {noun} holds; the one about the {noun} needs a source.",
      "Cut the second mention of {topic}: the first is {adj} enough.",
      "The order is {adj}, but the {noun} comes one paragraph too late.",
    ],
  },
  {
    name: "plan",
    calledBy: /\b(plan|manage|strateg|product\b|coordinat|organi[sz]|roadmap|lead\b|operations|publish)/,
    blocks: ["paragraph", "tasks", "numbered", "table", "nested", "tasks", "list", "links"],
    headings: ["Goal", "Next steps", "Owners and dates", "Risks", "How we will know", "Not now"],
    sentences: [
      "One owner, one date and one {noun} for each step.",
      "We start with the {noun}, because everything else waits for it.",
      "If the {noun} slips by {n} days, {topic} still holds.",
    ],
  },
  {
    name: "science",
    calledBy: /\b(scien|research|physic|biolog|chemi|medic|experiment|climat|engineer of)/,
    blocks: ["paragraph", "table", "numbered", "paragraph", "code", "list", "quote", "links", "nested"],
    headings: ["Question", "Method", "Observations", "Discussion", "Limits of this work"],
    sentences: [
      "We repeated the {noun} {n} times and report the median.",
      "The effect vanishes when the {noun} is held {adj}.",
      "A {adj} control in the {place} rules out the simplest explanation.",
    ],
  },
  {
    name: "story",
    calledBy: /\b(story|novel|fiction|narrat|report|journal|writer|columnist|travel|interview)/,
    blocks: ["paragraph", "paragraph", "quote", "paragraph", "list", "paragraph", "links", "nested", "table"],
    headings: ["The morning of it", "Somebody who was there", "Down by the {place}", "What people say", "Afterwards"],
    sentences: [
      "On the edge of the {place}, Zoë Lefèvre still keeps the {noun} in a biscuit tin.",
      "“Nobody asked about {topic},” she says, “until it worked.”",
      "The café fills, the {noun} comes up again, and nobody lowers their voice.",
    ],
  },
];

export const SENTENCES: readonly [string, ...string[]] = [
  "What looks {adj} from the {place} looks {adj} from the {place}.",
  "Ask ten people about {topic} and the {noun} comes up first.",
  "There is a **{adj}** reason for that, and a *{adj}* one.",
  "The {noun} came late; the {noun} was there from the start.",
  "Around {year} the {noun} became {adj} enough to matter.",
  "That leaves the `{noun}` as the one thing worth watching.",
  "Take the {noun} away and {topic} would still stand, if less {adj}.",
  "It took {n} attempts before the {noun} held.",
  "None of this makes the {noun} any less {adj}.",
  "See [the notes on the {noun}](https://example.org/{noun}) for the long version.",
  "A {adj} {noun} is worth more than a {adj} one.",
  "The naïve reading skips the {noun}; the ~~old~~ careful one begins there.",
  "People in the {place} knew it long before anyone wrote it down.",
  "Behind that façade of {noun} there is a {adj} habit.",
  "So the question is not whether, but how {adj} and for whom.",
  "In short: keep the {noun}, question the {noun}.",
];

export const WORDS: Readonly<Record<"noun" | "adj" | "place", readonly [string, ...string[]]>> = {
  noun: [
    "balance",
    "evidence",
    "margin",
    "signal",
    "pattern",
    "method",
    "record",
    "weight",
    "measure",
    "detail",
    "habit",
    "promise",
    "cost",
    "craft",
    "route",
    "engine",
    "ledger",
    "memory",
    "threshold",
    "instrument",
    "rhythm",
    "boundary",
    "question",
    "draft",
  ],
  adj: [
    "quiet",
    "plain",
    "stubborn",
    "careful",
    "uneven",
    "early",
    "patient",
    "narrow",
    "generous",
    "practical",
    "unfinished",
    "steady",
    "modest",
    "sharp",
    "familiar",
    "fragile",
    "frank",
    "slow",
  ],
  place: ["workshop", "harbour", "archive", "margin", "north", "valley", "market", "laboratory", "station", "coast"],
};

export const CODE: readonly [string, ...string[]] = [
  "```ts\nexport function {noun}(items: readonly string[]): Map<string, number> {\n  const seen = new Map<string, number>();\n  for (const item of items) seen.set(item, (seen.get(item) ?? 0) + {n});\n  return seen;\n}\n```",
  "```python\nfrom dataclasses import dataclass\n\n\n@dataclass\nclass {Noun}:\n    name: str\n    weight: float = {n} / 100\n\n    def {adj}(self) -> bool:\n        return self.weight > 0.5\n```",
  "```sql\nSELECT place, count(*) AS {noun}, avg(cost) AS mean_cost\nFROM {noun}_log\nWHERE year BETWEEN {year} AND 2020\nGROUP BY place\nORDER BY {noun} DESC\nLIMIT {n};\n```",
  '```json\n{\n  "subject": "{noun}",\n  "year": {year},\n  "tags": ["{adj}", "{adj}"],\n  "share": 0.{n}\n}\n```',
  "```bash\ncurl -s https://example.org/{noun}.csv \\\n  | cut -d, -f1,{n} \\\n  | sort | uniq -c | sort -rn | head\n```",
  "```rust\nfn {noun}(values: &[f64]) -> Option<f64> {\n    let sum: f64 = values.iter().sum();\n    (!values.is_empty()).then(|| sum / values.len() as f64 * {n}.0)\n}\n```",
];
