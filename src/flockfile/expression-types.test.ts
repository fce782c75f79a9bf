import { describe, expect, test } from "vitest";
import { compileExpression } from "./compile-expression.js";
import { formatFault, parseFlockFile } from "./index.js";

const TYPES = `types:
  T: text
  D:
    type: object
    properties:
      n: { type: number }
      i: { type: integer }
      s: { type: string }
      b: { type: boolean }
      l: { type: array }
      o: { type: object }
      either: { type: [string, "null"] }
      any: { enum: [1, two] }
`;

function told(where: string, types = "[D]"): string[] {
  const text = `${TYPES}agents: [{ name: a, consumes: [{ types: ${types}, where: ${JSON.stringify(where)} }] }]\n`;
  return parseFlockFile(text)
    .faults.filter(({ severity }) => severity === "error")
    .map((fault) => formatFault("f", fault).replace(/^f:\d+:\d+: error: /, ""));
}

describe("an expression that the schema rules out is an error", () => {
  test.each([
    ["T.text", "[T]", /^where must yield true or false, but yields string\./],
    ["D.s", "[D]", /yields string/],
    ["D.n + 1", "[D]", /yields double/],
    ["D.b ? 1 : 2", "[D]", /yields int/],
    [
      "T.text > 3",
      "[T]",
      /^where does not fit its fields' types: there is no string > int\. T\.text is of type string: write for example T\.text == "news"\.$/,
    ],
    ["D.n > 1 && D.s > 3", "[D]", /string > int/],
    ["D.s + 1 == 'x'", "[D]", /string \+ int/],
    ["D.n.startsWith('x')", "[D]", /startsWith/],
    ["D.n == 'x'", "[D]", /double == string/],
    ["!D.s", "[D]", /!string/],
    ["D.n && D.b", "[D]", /bool/],
    ["D.l > 3", "[D]", /list<dyn> > int/],
    ["size(D.s) > T.text", "[D, T]", /int > string/],
  ])("%s", (where, types, words) => {
    expect(told(where, types)).toEqual([expect.stringMatching(words)]);
  });

  test("at its place, also in what scores and joins", () => {
    const file = `${TYPES}agents:
  - { name: a, consumes: [D], publishes: [T], best_of: { n: 2, score: T.text } }
  - { name: b, consumes: [{ types: [D, T], join: { by: { D: D.n - D.s, T: T.text }, within: 5m } }] }
`;
    const faults = parseFlockFile(file).faults.filter(({ severity }) => severity === "error");
    expect(faults.map((fault) => formatFault("f", fault))).toEqual([
      'f:15:71: error: score must yield a number, but yields string. Write a CEL expression, for example "size(T.text)".',
      "f:16:61: error: by does not fit its fields' types: there is no double - string. D.n is of type number. D.s is of type string.",
    ]);
  });
});

const PAYLOAD = { n: 4, i: 1, s: "hello", b: true, l: [1, 2, 4], o: { a: 1 }, either: null, any: 1, more: 7 };

describe("an expression that can be evaluated is none", () => {
  test.each([
    ...["D.n == 4", "D.n != 3", "D.n in [4, 5]", "D.n in [4.0]", "D.i in D.l", "D.n > 3", "D.i % 2 == 1", "4 == D.n"],
    ...["D.n == 4u", "D.n > 3u", "D.n == size(D.l) + 1", "size(D.s) > D.n", "D.n > D.i", "-D.n < 0", "D.n * 1.5 > 5"],
    ...["D.l[0] == 1", "D.l[D.i] == 2", "D.l.exists(x, x > D.i)", "D.l == [1, 2, 4]", "D.l.map(x, x)[0] == D.i"],
    ...["D.s != null", "D.n != null", "D.b != null", "D.l != null", "D.either == null", "D.o != null", "D != null"],
    ...["has(D.nope) || D.b", "!has(D.nope)", "'s' in D", "D['s'] == 'hello'", "size(D) > 3", "D.o.a == 1"],
    ...["D.more > 3", "D.any == 1", "D.any != 'two'", "D.b", "D.b == true", "D.n > 3 ? D.b : false"],
    ...["(D.b ? D.n : 2) > 2", "int(D.n) == 4", "string(D.n) == '4'", "D.s.matches('^he') && D.s.size() == 5"],
    ...[
      "D.s in ['hello', 'x']",
      "D.s + '!' == 'hello!'",
      "D.s < 'i'",
      "type(D.n) == double",
      "[D.n, 2].exists(x, x > 3)",
    ],
  ])("%s", (where) => {
    const compiled = compileExpression(where, ["D"]);
    expect("expression" in compiled && compiled.expression.evaluate({ D: PAYLOAD })).toBe(true);
    expect(told(where)).toEqual([]);
  });
});
