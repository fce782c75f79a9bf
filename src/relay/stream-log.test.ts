import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RETAINED_UNITS } from "./limits.js";
import { StreamLog } from "./stream-log.js";
import { wellFormed } from "./well-formed.testing.js";

const piece = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc.string({ unit: fc.constantFrom("a", "\ud83d", "\ude00", "漢"), maxLength: 6 }),
  fc.nat(9_000).map((length) => "0123456789".repeat(900).slice(0, length)),
);
const capacity = fc.constantFrom(1, 2, 7, 64, 4_096, 5_000, 10_000);

function filled(pieces: readonly string[], units: number): StreamLog {
  const log = new StreamLog(units);
  for (const text of pieces) log.append(text);
  return log;
}

describe("stream log", () => {
  it("holds the last units of whatever was appended, at their offsets", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), capacity, fc.boolean(), (pieces, units, ended) => {
        const log = filled(pieces, units);
        if (ended) log.end();
        const whole = wellFormed(pieces.join(""), !ended);
        expect(log.length).toBe(whole.length);
        expect(log.read()).toBe(whole.slice(log.start));
        // At most one unit less than the capacity, where the edge would have split a pair.
        expect(log.length - log.start).toBeLessThanOrEqual(units);
        expect(log.length - log.start).toBeGreaterThanOrEqual(Math.min(whole.length, units) - 1);
      }),
    );
  });

  it("never begins or ends inside a surrogate pair", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), capacity, (pieces, units) => {
        const log = new StreamLog(units);
        for (const text of pieces) {
          log.append(text);
          expect(log.read()).not.toMatch(/^[\udc00-\udfff]|[\ud800-\udbff]$/);
        }
      }),
    );
  });

  it("gives any part of what it holds", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), capacity, fc.nat(), fc.nat(), (pieces, units, a, b) => {
        const log = filled(pieces, units);
        const span = log.length - log.start + 1;
        const [from = 0, to = 0] = [log.start + (a % span), log.start + (b % span)].sort((x, y) => x - y);
        expect(log.read(from, to)).toBe(wellFormed(pieces.join(""), true).slice(from, to));
      }),
    );
  });

  it("knows where a pair would be split", () => {
    const log = filled(["a😀b"], 100);
    expect([0, 1, 2, 3, 4].map((offset) => log.splitsPair(offset))).toEqual([false, false, true, false, false]);
  });

  it("holds exactly 102,400 units, and drops the first when one more comes", () => {
    const log = filled(["x".repeat(RETAINED_UNITS - 1), "y"], RETAINED_UNITS);
    expect([log.start, log.length]).toEqual([0, RETAINED_UNITS]);
    log.append("z");
    expect([log.start, log.length]).toEqual([1, RETAINED_UNITS + 1]);
    expect(log.read().slice(-2)).toBe("yz");
  });

  it.each([
    ["half a pair waits for its other half", ["a\ud83d"], "a"],
    ["the other half completes it", ["a\ud83d", "\ude00"], "a😀"],
    ["text that is not its other half makes it U+FFFD", ["a\ud83d", "b"], "a\ufffdb"],
    ["a second half alone is U+FFFD", ["\ude00a"], "\ufffda"],
    ["an empty append changes nothing", ["a\ud83d", "", "\ude00"], "a😀"],
  ])("%s", (_name, pieces, text) => {
    expect(filled(pieces, 100).read()).toBe(text);
  });

  it("costs per append what is new: no slower at the end of a long stream than at its beginning", () => {
    const appends = (log: StreamLog, count: number) => {
      for (let index = 0; index < count; index++) {
        log.append("tokn ");
        if (index % 20 === 0) log.read(Math.max(0, log.length - 100));
      }
    };
    const timed = (work: () => void): number => {
      const start = performance.now();
      work();
      return performance.now() - start;
    };
    const long = new StreamLog(RETAINED_UNITS);
    appends(long, 40_000);
    // In turn, and the quickest of many: a round lasts a millisecond or two, and the machine has other things to do.
    let early = Number.POSITIVE_INFINITY;
    let late = Number.POSITIVE_INFINITY;
    for (let turn = 0; turn < 20; turn++) {
      const short = () => {
        for (let log = 0; log < 20; log++) appends(new StreamLog(RETAINED_UNITS), 1_000);
      };
      early = Math.min(early, timed(short));
      late = Math.min(
        late,
        timed(() => appends(long, 20_000)),
      );
    }
    expect(late / early).toBeLessThan(4);
  });
});
