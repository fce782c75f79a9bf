import { expect, test } from "vitest";
import { StreamText } from "../../protocol/stream-text.js";
import { LastLine } from "./last-line.js";

function textOf(content: string): StreamText {
  const text = new StreamText();
  text.append(content);
  return text;
}

test.each([
  ["", ""],
  ["## Kites *and* `gliders`", "Kites and gliders"],
  ["See [the archive](https://example.org/a)", "See the archive"],
  ["See [the archi", "See the archi"],
  ["See [the archive]", "See the archive"],
  ["one\n\n- two\n- three", "one two three"],
  ["| Year | Seats |\n|---|---:|\n| 1903 | 4 |", "Year · Seats · 1903 · 4"],
  ["| Place | What changed |\n|---|---|\n\nAll *that*", "Place · What changed · All that"],
  ["It ended.\n\n## What is at stake\n\nBehind that", "It ended. · What is at stake · Behind that"],
  ["## What is at stake\n", "What is at stake"],
  ["the user_id of _one_ and __two__ in snake_case", "the user_id of one and two in snake_case"],
  ["a `Map<string, number>()` and `__init__`", "a Map<string, number>() and __init__"],
  ["Map<string, number>() => x -> y, C#", "Map<string, number>() => x -> y, C#"],
  ["> said\n> she", "said she"],
  ["2 * 3 ** 4, **bold** and *slanted", "2 * 3 ** 4, bold and slanted"],
  ["so ~~struck~~ **", "so struck"],
  ["~5 of them", "~5 of them"],
  ["- [x] done\n- [ ] to do\n- [ ]", "done to do"],
  ["So:\n\n```sql\nSELECT 1\n```\n\nthen", "So: SELECT 1 then"],
  ["one\n\n---\n\ntwo", "one two"],
])("%j is shown as %j", (content, line) => {
  expect(new LastLine().read(textOf(content))).toBe(line);
});

test("a long text shows its end, from a whole word on", () => {
  const line = new LastLine().read(textOf(`${"wing ".repeat(400)}end`));
  expect(line.endsWith("wing end")).toBe(true);
  expect(line.startsWith("wing")).toBe(true);
  expect(line.length).toBeLessThanOrEqual(64);
});

test("a link whose beginning is out of sight shows its words alone", () => {
  const content = `${"wing ".repeat(40)}See [the notes of the harbour](https://example.org/x) for more of it`;
  expect(new LastLine().read(textOf(content))).toBe("notes of the harbour for more of it");
});

test("new text is added to what is shown, which begins elsewhere only now and then", () => {
  const text = new StreamText();
  const line = new LastLine();
  let shown = "";
  let moves = 0;
  for (let index = 0; index < 1000; index += 1) {
    text.append(`word${index} `);
    const next = line.read(text);
    expect(next.endsWith(`word${index}`)).toBe(true);
    expect(next.length).toBeLessThanOrEqual(128);
    if (!next.startsWith(shown)) moves += 1;
    shown = next;
  }
  expect(moves).toBeGreaterThan(0);
  expect(moves).toBeLessThan((text.end / 64) * 1.4);
});

test("a text that was replaced is shown from its new end", () => {
  const text = textOf("old words");
  const line = new LastLine();
  expect(line.read(text)).toBe("old words");
  text.replace(500, "new words");
  expect(line.read(text)).toBe("new words");
});
