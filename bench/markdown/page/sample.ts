/** Characters of one token, and tokens of one update, as in a stream of 240 tokens a second flushed every 50 ms. */
export const UPDATE_LENGTH = 52;

const section = (n: number) => `## ${n}. How the ${n}th workshop found its rhythm

The first thing a visitor notices is **the noise**, and the second is how little of it is wasted. A ledger from
that year lists _forty-one_ customers, of whom [seven paid in advance](https://example.org/ledger/${n}) and two in grain. The
master kept the \`rate_${n}\` he had promised, and wrote the difference off as the price of a reputation.

- Every order was **read aloud** before it was cut, so that nobody could later claim to have misheard it.
- The apprentices worked in pairs:
  - one held the frame,
  - the other counted turns up to \`${n * 7}\`.
- Waste was weighed at noon, and again at dusk.

> Measure twice, said the sign above the door, and below it, in a smaller hand: _and then ask who is paying._

| Day | Orders | Finished | Note |
| :-- | --: | --: | --- |
| Monday | ${n + 12} | ${n + 9} | two frames cracked |
| Tuesday | ${n + 15} | ${n + 15} | **none** left over |
| Friday | ${n + 4} | ${n + 3} | market day |

\`\`\`ts
export function schedule(orders: readonly Order[], hands: number): Plan {
  const sorted = [...orders].sort((a, b) => a.due - b.due);
  const plan: Plan = { days: [], late: 0 };
  for (const order of sorted) {
    // The ${n}th rule of the house: nothing is promised that was not measured.
    const day = plan.days.at(-1) ?? open(plan, hands);
    if (day.load + order.work > hands * 9) plan.late += 1;
    day.load += order.work;
  }
  return plan;
}
\`\`\`

Of what came after there are only traces. The shop moved **twice**, kept its name, and in the third winter sold its last
frame to the man who had ordered the first; he hung it over a mantel, where it \`still\` hangs.

`;

/** Length of one section, about: what is measured spans a whole one, so that every size meets the same kinds of block. */
export const SECTION_LENGTH = section(10).length;

/** Markdown of at least `length` characters: sections of prose, lists, quotes, tables and code. */
export function article(length: number): string {
  let text = "";
  for (let n = 10; text.length < length; n += 1) text += section(n);
  return text;
}

/** One list that never ends. */
export function longList(length: number): string {
  let text = "";
  for (let n = 1; text.length < length; n += 1) {
    text += `- Entry ${n} names **what was ordered**, by whom, and \`what_${n}\` it came to [in the end](https://example.org/${n}).\n`;
  }
  return text;
}

/** One fence that never closes. */
export function longFence(length: number): string {
  let text = "```ts\n";
  for (let n = 1; text.length < length; n += 1)
    text += `  const total${n} = ledger.sum("row-${n}") * rate; // row ${n}\n`;
  return text;
}

/** One table that never ends. */
export function longTable(length: number): string {
  let text = "| Row | Order | Price | Note |\n| --- | :-- | --: | --- |\n";
  for (let n = 1; text.length < length; n += 1) text += `| ${n} | frame **${n}** | ${n * 3}.50 | paid in \`grain\` |\n`;
  return text;
}
