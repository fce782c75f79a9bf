import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { readInput } from "./input.js";

test("a payload may stand in the argument or in a file", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "flockdeck-"));
  const file = path.join(folder, "topic.json");
  await writeFile(file, '{ "title": "a=b" }');
  expect(await readInput('Topic={"title":"a=b"}')).toEqual({ type: "Topic", payload: { title: "a=b" } });
  expect(await readInput(`Topic=@${file}`)).toEqual({ type: "Topic", payload: { title: "a=b" } });
  await writeFile(file, '\uFEFF{ "title": "marked" }');
  expect(await readInput(`Topic=@${file}`)).toEqual({ type: "Topic", payload: { title: "marked" } });
});

test("a file that is not UTF-8 is refused rather than read wrong", async () => {
  const file = path.join(await mkdtemp(path.join(tmpdir(), "flockdeck-")), "latin.json");
  await writeFile(file, '{ "title": "Café" }', "latin1");
  await expect(readInput(`Topic=@${file}`)).rejects.toThrow(/latin\.json: It is not UTF-8/);
});

test.each([
  ["Topic", /names no type/],
  ['={"a":1}', /names no type/],
  ["Topic={a", /The payload of Topic is not JSON: .* It reads: \{a/],
  ["Topic=@nowhere.json", /@nowhere\.json: There is no such file/],
  [`Topic=${"x".repeat(100)}`, /It reads: x{57}\.\.\./],
])("%s is refused", async (text, message) => {
  await expect(readInput(text)).rejects.toThrow(message);
});
