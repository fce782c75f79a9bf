import { expect, test } from "vitest";
import { StreamText } from "../../protocol/stream-text.js";
import { lastLine } from "./last-line.js";

function textOf(content: string): StreamText {
  const text = new StreamText();
  text.append(content);
  return text;
}

test.each([
  ["", ""],
  ["## Kites *and* `gliders`", "Kites and gliders"],
  ["See [the archive](https://example.org/a)", "See the archive"],
  ["one\n\n- two\n- three", "one two three"],
  ["| Year | Seats |\n|---|---:|\n| 1903 | 4 |", "Year Seats 1903 4"],
])("%j is shown as %j", (content, line) => {
  expect(lastLine(textOf(content))).toBe(line);
});

test("a long text shows its end, from a whole word on", () => {
  const line = lastLine(textOf(`${"wing ".repeat(400)}end`));
  expect(line.endsWith("end")).toBe(true);
  expect(line.startsWith("wing")).toBe(true);
  expect(line.length).toBeLessThanOrEqual(84);
});
