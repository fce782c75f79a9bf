import { expect, test } from "vitest";
import { NO_TOTALS } from "./atoms.js";
import { attentionTitle, endedWords } from "./attention.js";

test("the title tells failed, stalled, live and waiting apart, and no stream twice", () => {
  const totals = { ...NO_TOTALS, failed: 2, stalled: 1, live: 4, waiting: 3, done: 5 };
  expect(attentionTitle(totals, "Kites", false)).toBe("✕ 2 failed, ! 1 stalled, ◐ 3 live, ◌ 3 waiting · Kites");
  expect(attentionTitle({ ...NO_TOTALS, live: 1, stalled: 1 }, "Kites", false)).toBe("! 1 stalled · Kites");
  expect(attentionTitle({ ...NO_TOTALS, done: 5 }, "Kites", false)).toBe("✓ 5 done · Kites");
  expect(attentionTitle(NO_TOTALS, "Kites", false)).toBe("Kites · Flockdeck");
  expect(attentionTitle(totals, "Kites", true)).toBe("⏸ Offline · Kites");
});

test("a notification tells what ended since the last time that all was quiet", () => {
  expect(endedWords({ done: 3, failed: 1, stopped: 0 }, NO_TOTALS)).toBe("3 streams are done, 1 failed.");
  expect(endedWords({ done: 4, failed: 1, stopped: 2 }, { done: 3, failed: 1, stopped: 0 })).toBe(
    "1 stream is done, 2 stopped.",
  );
  expect(endedWords({ done: 2, failed: 0, stopped: 0 }, { done: 9, failed: 1, stopped: 0 })).toBe(
    "2 streams are done.",
  );
});
