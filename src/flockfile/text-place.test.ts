import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDocument, Scalar, stringify } from "yaml";
import { parseFlockFile } from "./index.js";
import { placeInScalar } from "./text-place.js";

describe("a fault inside an expression has its own place, however the text is written", () => {
  test.each([
    ["plain", "where: Topic.text != '' && ▶Topic.txt > 3"],
    ["plain over two lines", "where: Topic.text != ''\n          && ▶Topic.txt > 3"],
    ["folded", 'where: >\n          Topic.text == "a" &&\n          ▶Topic.txt > 3'],
    ["folded, with a header", 'where: >- # why\n          Topic.text == "a" &&\n\n          ▶Topic.txt > 3'],
    ["literal", 'where: |\n          Topic.text == "a" &&\n          ▶Topic.txt > 3'],
    ["in double quotes", 'where: "Topic.text == \\"a\\" && ▶Topic.txt > 3"'],
    [
      "in double quotes over lines",
      'where: "Topic.text == \\"a\\" \\\n          && \\u0054opic.text != \'\' &&\n          ▶Topic.txt > 3"',
    ],
    ["in single quotes", "where: 'Topic.text == ''a'' && ▶Topic.txt > 3'"],
    ["at its very end", "where: |\n          Topic.text ==▶\n"],
  ])("%s", (_, marked) => {
    const file = `types: { Topic: text }\nagents:\n  - name: a\n    consumes:\n      - types: [Topic]\n        ${marked}\n`;
    const before = file.slice(0, file.indexOf("▶"));
    const errors = parseFlockFile(file.replace("▶", "")).faults.filter(({ severity }) => severity === "error");
    expect(errors).toEqual([
      expect.objectContaining({ line: before.split("\n").length, column: before.length - before.lastIndexOf("\n") }),
    ]);
  });
});

test("every visible character of a text is found where it is written", () => {
  const kinds = fc.constantFrom("PLAIN", "QUOTE_DOUBLE", "QUOTE_SINGLE", "BLOCK_FOLDED", "BLOCK_LITERAL");
  const text = fc.string({ unit: fc.constantFrom("a", "b", "'", '"', "\\", " ", "\n", ":", "é", "\t"), minLength: 1 });
  fc.assert(
    fc.property(text, kinds, (value, type) => {
      const file = stringify(
        { key: value },
        { defaultStringType: type as "PLAIN", defaultKeyType: "PLAIN", lineWidth: 20 },
      );
      const document = parseDocument(file);
      const node = document.get("key", true);
      if (!(node instanceof Scalar) || node.value !== value) return;
      let last = -1;
      for (const [offset, character] of [...value].entries()) {
        if (/\s/.test(character)) continue;
        const at = placeInScalar(node, file, offset) ?? -1;
        const written = node.type === "QUOTE_DOUBLE" && /["\\]/.test(character) ? `\\${character}` : character;
        expect(file.slice(at, at + written.length)).toBe(written);
        expect(at).toBeGreaterThan(last);
        last = at;
      }
    }),
    { numRuns: 300 },
  );
});
