import { expect, test } from "vitest";
import { differences, MOST_WORDS } from "./differences.js";

const words = (text: string, grows = false) => ({ words: text.split(" ").filter((word) => word !== ""), grows });

/** What is marked in either text: "first | second". */
function marked(first: ReturnType<typeof words>, second: ReturnType<typeof words>): string {
  const found = differences(first, second);
  if (typeof found === "string") return found;
  const told = (side: "first" | "second", { words: all }: ReturnType<typeof words>) =>
    found[side].map(({ from, to }) => all.slice(from, to).join(" ")).join(", ");
  return `${told("first", first)} | ${told("second", second)}`;
}

test("what each text has in place of what the other has", () => {
  expect(marked(words("the red kite flew"), words("the red glider flew far"))).toBe("kite | glider, far");
  expect(marked(words("the same words"), words("the same words"))).toBe(" | ");
  expect(marked(words(""), words("all of it"))).toBe(" | all of it");
});

const WHOLE = "a kite on a string holds its wing still and the wind does all of the work until it drops";

test("a text that still grows is not said to lack what it has not reached", () => {
  expect(marked(words(WHOLE), words("a kite on a str", true))).toBe(" | ");
  expect(marked(words("a kite on a str", true), words(WHOLE))).toBe(" | ");
  expect(marked(words(WHOLE), words("a kite on a string", false))).toBe(
    "holds its wing still and the wind does all of the work until it drops | ",
  );
});

test("in a text that still grows, what differs so far is marked, and as much in the other", () => {
  expect(marked(words(WHOLE), words("a kite on a rope holds its wi", true))).toBe("string | rope");
  expect(marked(words(WHOLE), words("a kite at the be", true))).toBe("on a | at the");
  expect(marked(words("a kite at the be", true), words(WHOLE))).toBe("at the | on a");
});

test("two texts that both grow are compared as far as both have come", () => {
  expect(marked(words("a kite on a string ho", true), words("a kite on", true))).toBe(" | ");
  expect(marked(words("a kite on a string ho", true), words("a glider on", true))).toBe("kite | glider");
});

test("words that two differences have between them by chance belong to them", () => {
  const [first, second] = [
    "he sold nine old boats of oak from the north",
    "he bought ten new ropes of hemp by the yard",
  ];
  expect(marked(words(first), words(second))).toBe(
    "sold nine old boats of oak from, north | bought ten new ropes of hemp by, yard",
  );
});

test("texts that have little in common, and texts that are too long, are told apart from those that are marked", () => {
  const numbered = (word: string, count: number) =>
    words(Array.from({ length: count }, (_, at) => word + at).join(" "));
  expect(differences(numbered("a", 20), numbered("b", 20))).toBe("other");
  expect(differences(numbered("a", 2_000), numbered("b", 2_000))).toBe("other");
  expect(differences(numbered("a", MOST_WORDS), numbered("a", 1))).toBe("long");
});
