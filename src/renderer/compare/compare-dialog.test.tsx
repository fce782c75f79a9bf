// @vitest-environment happy-dom
import { act, fireEvent, screen, within } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import { freshPages, settle, shownApp, tile } from "../app.testing.js";
import { comparedAtom, dialogAtom, noticeAtom } from "../state/interface.js";
import type { SessionUnderTest } from "../state/session.testing.js";
import { MOST_WORDS } from "./differences.js";

const marks = new Map<string, Set<Range>>();

freshPages();
beforeEach(() => {
  marks.clear();
  vi.stubGlobal("CSS", { highlights: marks, escape: (text: string) => text });
  vi.stubGlobal("Highlight", Set);
});

/** The marked words, column by column. */
const marked = () =>
  [...document.querySelectorAll(".compare-cell")].map((cell) =>
    [...(marks.get("difference") ?? [])]
      .filter((range) => cell.contains(range.startContainer))
      .map(String)
      .join(", "),
  );
const cells = () => [...document.querySelectorAll(".compare-cell")].map((cell) => cell.textContent);
const settledMarks = (expected: readonly string[]) => vi.waitFor(() => expect(marked()).toEqual(expected));

/** Streams with these texts, compared; a text that ends in "…" still grows. */
async function compared(...texts: string[]): Promise<SessionUnderTest> {
  const under = await shownApp();
  const { deliver, script, session } = under;
  deliver(...script.workflow("w"));
  texts.forEach((text, at) => {
    const id = `s${at + 1}`;
    deliver(...script.start(id), script.text(id, text.replace("…", "")));
    if (!text.endsWith("…")) deliver(script.complete(id));
  });
  act(() => {
    session.store.set(
      comparedAtom,
      texts.map((_, at) => `s${at + 1}`),
    );
    session.store.set(dialogAtom, "compare");
  });
  await settle();
  return under;
}

test("differences are marked in text that is rendered, in every column alike", async () => {
  await compared("# Bridges\n\nThey **sing** in the `wind`.", "# Bridges\n\nThey **hum** in the `wind` at night.");
  await settledMarks(["sing", "hum, at night"]);
  for (const cell of document.querySelectorAll(".compare-cell")) {
    expect(cell.querySelector("h1, h2, h3, h4")?.textContent).toBe("Bridges");
    expect(cell.querySelector("strong")).not.toBeNull();
    expect(cell.querySelector("code")).not.toBeNull();
    expect(cell.textContent).not.toContain("**");
  }
  expect(screen.getByText("Not in the first: hum; at night.")).toBeDefined();
  fireEvent.click(screen.getByText("Mark differences from the first"));
  await settledMarks(["", ""]);
});

test("in the first column stands out what none of the others has", async () => {
  await compared("a red kite flew", "a red glider flew", "a blue kite flew");
  await settledMarks(["", "glider", "blue"]);
});

test("a text that still streams lacks nothing of what it has not reached, and is compared on when it has", async () => {
  const { deliver, script } = await compared(
    "# One\n\nThe red kite flew.\n\n# Two\n\nIt fell.",
    "# One\n\nThe red ki…",
  );
  await settle();
  expect(cells()).toEqual(["OneThe red kite flew.", "OneThe red ki", "TwoIt fell.", "not yet"]);
  expect(marked()).toEqual(["", "", "", ""]);
  deliver(script.text("s2", "lt is"));
  await settledMarks(["kite", "kilt", "", ""]);
  deliver(script.complete("s2"));
  await settledMarks(["kite flew.", "kilt is", "", ""]);
  expect(cells()[3]).toBe("not here");
});

test("a section that is too long to be marked says so, and so does one in other words", async () => {
  const long = Array.from({ length: MOST_WORDS }, (_, at) => `word${at}`).join(" ");
  const other = (word: string) => Array.from({ length: 20 }, (_, at) => word + at).join(" ");
  await compared(`# One\n\n${long}\n\n# Two\n\n${other("a")}`, `# One\n\nshort\n\n# Two\n\n${other("b")}`);
  expect(await screen.findByText("Not marked: more than 6,000 words to compare.")).toBeDefined();
  expect(await screen.findByText("Not marked: mostly other words than the first.")).toBeDefined();
});

test("a fifth stream is refused, with what to do", async () => {
  const { deliver, script, session } = await shownApp();
  deliver(...script.workflow("w"));
  for (const id of ["s1", "s2", "s3", "s4", "s5"]) deliver(...script.start(id));
  await settle();
  act(() => session.store.set(comparedAtom, ["s1", "s2", "s3", "s4"]));
  const fifth = document.querySelector<HTMLElement>('[data-stream-id="s5"]');
  if (fifth === null) throw new Error("no tile");
  fireEvent.keyDown(fifth, { key: "x" });
  expect(session.store.get(comparedAtom)).toEqual(["s1", "s2", "s3", "s4"]);
  expect(session.store.get(noticeAtom)?.text).toBe(
    "4 streams are compared at once. Take one out first: x on its tile.",
  );
  const first = tile("writer");
  if (first === null) throw new Error("no tile");
  fireEvent.keyDown(first, { key: "x" });
  fireEvent.keyDown(fifth, { key: "x" });
  expect(session.store.get(comparedAtom)).toEqual(["s2", "s3", "s4", "s5"]);
});

test("a text whose beginning is missing says so", async () => {
  const { deliver, script } = await compared("all of it", "the end…");
  const reset = { type: "stream_reset", stream_id: "s2", agent_name: "writer", content: "end", offset: 900 } as const;
  deliver({ ...reset, reason: "lagged" }, script.complete("s2", { length: 903 }));
  const dialog = within(screen.getByRole("dialog"));
  expect(await dialog.findByText(/The first .* characters are missing here/)).toBeDefined();
});
