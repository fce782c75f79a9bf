import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readParts, readString, type TextReader } from "./text-reader.js";

const text = fc.string({ unit: fc.constantFrom("a", "é", "漢", "\u{1f600}", "\ud800", "\udc00"), maxLength: 60 });
const steps = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 80 });

function readAll(reader: TextReader, sizes: readonly number[]): string[] {
  const parts: string[] = [];
  let end = 0;
  for (let index = 0; end < reader.length; index++) {
    end += sizes[index % sizes.length] ?? 1;
    parts.push(reader.readTo(end));
  }
  return parts;
}

function inParts(whole: string, sizes: readonly number[]): TextReader {
  const parts: string[] = [];
  for (let at = 0, index = 0; at < whole.length; index++) {
    const size = sizes[index % sizes.length] ?? 1;
    parts.push(whole.slice(at, at + size));
    at += size;
  }
  return readParts(parts[Symbol.iterator](), whole.length);
}

describe.each([
  ["a string", (whole: string) => readString(whole)],
  ["parts", inParts],
] as const)("reading %s", (_, make) => {
  it("gives every unit once, in order, and never half of a pair", () => {
    fc.assert(
      fc.property(text, steps, steps, (whole, sizes, partSizes) => {
        const read = readAll(make(whole, partSizes), sizes);
        expect(read.join("")).toBe(whole);
        let position = 0;
        for (const part of read) {
          position += part.length;
          const pair = whole.slice(position - 1, position + 1);
          expect(part !== "" && /^[\ud800-\udbff][\udc00-\udfff]$/.test(pair)).toBe(false);
        }
      }),
    );
  });
});
