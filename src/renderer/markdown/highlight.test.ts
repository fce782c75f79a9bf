import fc from "fast-check";
import { expect, test } from "vitest";
import { LINES_PER_SPAN, splitCode } from "./code-lines.js";
import { splitSegments } from "./highlight.js";

const code = fc.array(fc.constantFrom("a", "bc", "\n", "\n\n", `\n${"x\n".repeat(20)}`), { maxLength: 40 });

test("coloured and plain code are cut at the same lines, and nothing is lost", () => {
  fc.assert(
    fc.property(code, (texts) => {
      const whole = texts.join("");
      const parts = splitCode(whole);
      expect(parts.join("")).toBe(whole);
      for (const part of parts) expect(part.split("\n").length - 1).toBeLessThanOrEqual(LINES_PER_SPAN);
      const coloured = splitSegments(texts.map((text) => ({ text, className: undefined })));
      const joined = coloured.map((part) => part.map(({ text }) => text).join(""));
      expect(joined.filter((part) => part !== "")).toEqual(parts);
    }),
  );
});
