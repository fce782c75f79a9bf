import fc from "fast-check";
import { marked } from "marked";
import { expect, it } from "vitest";
import { type EssayRequest, voiceOf, writeEssay } from "./essay.js";

const request = (parts: Partial<EssayRequest> = {}): EssayRequest => ({
  agent: { name: "writer", description: "Write a short article on the topic." },
  subject: { topic: "The history of flight", details: ["A short note on kites"] },
  seed: 1,
  chars: 2000,
  ...parts,
});
const write = (parts?: Partial<EssayRequest>) => [...writeEssay(request(parts))].join("");

it("writes exactly as many units as asked, with every fence closed and no word cut", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6000 }),
      fc.nat(50),
      fc.constantFrom("poet", "economist", "engineer", "historian", "critic", "planner", "chemist", "writer", "x"),
      (chars, seed, name) => {
        const text = write({ chars, seed, agent: { name, description: "" } });
        expect(text).toHaveLength(chars);
        expect((text.match(/^```/gm) ?? []).length % 2).toBe(0);
        expect(text).toMatch(chars <= 2 ? /^(I|[Aa]\.)$/ : /[.”"]$/);
        expect(text).not.toContain("undefined");
        expect(text).not.toMatch(/\{\w+\}(?!`)/);
      },
    ),
    { numRuns: 150 },
  );
});

it("writes the same text for the same seed and agent, and another for another", () => {
  const texts = [
    write(),
    write({ seed: 2 }),
    write({ variant: 1 }),
    write({ agent: { name: "editor", description: "Write a short article on the topic." } }),
    write({ subject: { topic: "Tides", details: [] } }),
  ];
  expect(write()).toBe(texts[0]);
  expect(new Set(texts).size).toBe(texts.length);
});

it("is about the subject and uses the whole of Markdown", () => {
  const text = ["engineer", "planner", "chemist", "critic", "x"]
    .map((name) => write({ chars: 6000, agent: { name, description: "" } }))
    .join("\n\n");
  expect(text).toContain("history of flight");
  const html = marked.parse(text, { async: false });
  for (const tag of [
    "h1",
    "h2",
    "ul",
    "ol",
    "table",
    "pre",
    "a",
    "blockquote",
    "code",
    "strong",
    "em",
    "del",
    "input",
  ]) {
    expect(html).toContain(`<${tag}`);
  }
  expect(html).toMatch(/<li>[^<]*<ul>/);
  expect(new Set(text.match(/^```\w+/gm)).size).toBeGreaterThan(3);
});

it("has headings, lists, tables, code and links in every essay of the default length", () => {
  fc.assert(
    fc.property(
      fc.nat(10_000),
      fc.constantFrom("poet", "economist", "engineer", "historian", "critic", "planner", "chemist", "writer", "x"),
      (seed, name) => {
        const html = marked.parse(write({ seed, agent: { name, description: "" } }), { async: false });
        for (const tag of ["<h1", "<h2", "<ul", "<table", "<pre", "<a href"]) expect(html).toContain(tag);
      },
    ),
    { numRuns: 300 },
  );
});

it.each([
  ["poet", "", "verse"],
  ["economist", "", "figures"],
  ["fact_checker", "", "review"],
  ["writer-3", "Explain the software behind it", "story"],
  ["agent-7", "Review the draft", "review"],
  ["agent-7", "", "essay"],
])("the agent %s (%s) writes in the voice of %s", (name, description, voice) => {
  expect(voiceOf({ name, description }).name).toBe(voice);
});

it("makes its text as it is read, so that a long one costs nothing before", () => {
  const [first] = writeEssay(request({ chars: 100_000_000 }));
  expect(first?.length).toBeLessThan(200);
});
