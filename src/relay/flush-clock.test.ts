import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FakeClock } from "./fake-clock.testing.js";
import { FlushClock } from "./flush-clock.js";

function started(options: { gapMs?: number } = {}) {
  const clock = new FakeClock(0);
  const flushes: [number, string[]][] = [];
  const flushClock = new FlushClock<string>({
    clock,
    gapMs: () => options.gapMs ?? 0,
    flush: (due) => flushes.push([clock.now(), due.sort()]),
  });
  /** Touches keys at times, then lets a second pass. */
  const play = (touches: readonly (readonly [number, string])[]): typeof flushes => {
    for (const [at, key] of touches) {
      clock.advance(at - clock.now());
      flushClock.touch(key);
    }
    clock.advance(1_000);
    return flushes;
  };
  return { clock, flushClock, flushes, play };
}

describe("flush clock", () => {
  it.each([
    ["at once after quiet", [[0, "a"]], [[0, ["a"]]]],
    [
      "what comes within the interval waits for its end",
      [
        [0, "a"],
        [10, "a"],
        [30, "a"],
      ],
      [
        [0, ["a"]],
        [50, ["a"]],
      ],
    ],
    [
      "at once again after a quiet interval",
      [
        [0, "a"],
        [50, "a"],
        [120, "a"],
      ],
      [
        [0, ["a"]],
        [50, ["a"]],
        [120, ["a"]],
      ],
    ],
    [
      "one that was quiet does not wait for the busy ones",
      [
        [0, "a"],
        [10, "a"],
        [20, "b"],
      ],
      [
        [0, ["a"]],
        [20, ["b"]],
        [50, ["a"]],
      ],
    ],
    [
      "busy ones share a tick",
      [
        [0, "a"],
        [10, "a"],
        [20, "b"],
        [25, "b"],
        [60, "a"],
      ],
      [
        [0, ["a"]],
        [20, ["b"]],
        [50, ["a"]],
        [100, ["a", "b"]],
      ],
    ],
  ] as [string, [number, string][], [number, string[]][]][])("%s", (_name, touches, expected) => {
    expect(started().play(touches)).toEqual(expected);
  });

  it("lets a key that just missed the others' tick join it", () => {
    const { play } = started();
    const flushes = play([
      [0, "a"],
      [3, "b"],
      [20, "a"],
      [21, "b"],
    ]);
    expect(flushes).toEqual([
      [0, ["a"]],
      [3, ["b"]],
      [50, ["a", "b"]],
    ]);
  });

  it("keeps a gap between flushes out of turn, where one is asked for", () => {
    const { play } = started({ gapMs: 10 });
    const flushes = play([
      [0, "a"],
      [1, "b"],
      [2, "c"],
      [30, "d"],
    ]);
    expect(flushes).toEqual([
      [0, ["a"]],
      [10, ["b", "c"]],
      [30, ["d"]],
    ]);
  });

  it("flushes a busy key 20 times a second, and every key within two intervals of its touch", () => {
    const touch = fc.tuple(fc.integer({ min: 0, max: 30 }), fc.constantFrom("a", "b", "c"));
    fc.assert(
      fc.property(fc.array(touch, { maxLength: 80 }), (gaps) => {
        let now = 0;
        const touches = gaps.map(([gap, key]): [number, string] => {
          now += gap;
          return [now, key];
        });
        const flushes = started().play(touches);
        for (const key of ["a", "b", "c"]) {
          const times = flushes.filter(([, keys]) => keys.includes(key)).map(([at]) => at);
          for (const [index, time] of times.entries())
            expect(time - (times[index - 1] ?? -50)).toBeGreaterThanOrEqual(45);
          for (const [at, touched] of touches)
            if (touched === key) expect(times.some((time) => time >= at && time < at + 100)).toBe(true);
        }
      }),
    );
  });

  it("makes one flush of a hundred busy keys", () => {
    const { clock, flushClock, flushes } = started();
    for (let round = 0; round < 50; round++) {
      for (let key = 0; key < 100; key++) flushClock.touch(`k${key}`);
      clock.advance(20);
    }
    // At 0, 50, … and 1,000 ms.
    expect(flushes.length).toBe(21);
    expect(flushes.every(([, keys]) => keys.length === 100)).toBe(true);
  });

  it("loses no tick to a timer that is a little late", () => {
    const late = new FakeClock(0);
    const flushes: number[] = [];
    const flushClock = new FlushClock<string>({
      clock: {
        now: () => late.now(),
        setTimeout: (callback, ms) => late.setTimeout(callback, ms + 2),
        clearTimeout: (handle) => late.clearTimeout(handle),
      },
      flush: () => flushes.push(late.now()),
    });
    for (let ms = 0; ms < 1_000; ms += 5) {
      flushClock.touch("a");
      late.advance(5);
    }
    expect(flushes.length).toBeGreaterThanOrEqual(19);
  });

  it("does not make up for a timer that was very late", () => {
    const { clock, flushClock, flushes } = started();
    flushClock.touch("a");
    clock.advance(0);
    flushClock.touch("a");
    clock.stall(500);
    clock.advance(0);
    flushClock.touch("a");
    clock.advance(200);
    expect(flushes.map(([at]) => at)).toEqual([0, 500, 550]);
  });

  it("has no timer while nothing is dirty, or after dispose", () => {
    const { clock, flushClock, flushes } = started();
    expect(clock.pending).toBe(0);
    flushClock.touch("a");
    clock.advance(0);
    expect(clock.pending).toBe(0);
    flushClock.touch("a");
    expect(flushClock.takeAll()).toEqual(["a"]);
    flushClock.touch("b");
    flushClock.dispose();
    expect(clock.pending).toBe(0);
    clock.advance(100);
    expect(flushes).toHaveLength(1);
  });

  it("forgets a key: it is new when it comes again", () => {
    const { clock, flushClock, flushes } = started();
    flushClock.touch("a");
    clock.advance(10);
    flushClock.touch("a");
    flushClock.forget("a");
    clock.advance(10);
    flushClock.touch("a");
    clock.advance(1);
    expect(flushes.map(([at]) => at)).toEqual([0, 20]);
  });
});
