import { describe, expect, it } from "vitest";
import { type ContextDouble, createContextDouble, ManualClock } from "../run-context.testing.js";
import { type Pace, streamPaced } from "./pacing.js";
import { readString } from "./text-reader.js";

function start(clock: ManualClock, text: string, pace: Pace): ContextDouble & { ended: Promise<number> } {
  const double = createContextDouble({ clock });
  const ended = streamPaced(double.context, readString(text), pace).then(() => clock.now());
  ended.catch(() => undefined);
  return { ...double, ended };
}

const LONG = "0123456789".repeat(200);

describe("pacing", () => {
  it("sends the first token at once and never more than the rate allows", async () => {
    const clock = new ManualClock();
    const { context, ended } = start(clock, LONG, { tps: 40, chunk: 4 });
    const began = clock.now();
    expect(context.stream.length).toBe(4);
    for (let step = 0; step < 1250; step++) {
      await clock.advance(10);
      const tokens = Math.floor(((clock.now() - began) * 40) / 1000) + 1;
      expect(context.stream.length).toBeLessThanOrEqual(tokens * 4);
      expect(context.stream.length).toBeGreaterThanOrEqual(Math.min(LONG.length, (tokens - 2) * 4));
    }
    await clock.advance(1000);
    expect((await ended) - began).toBeGreaterThanOrEqual(12_500);
    expect((await ended) - began).toBeLessThanOrEqual(12_540);
  });

  it.each([
    [1, 1],
    [0.5, 4],
    [50, 4],
    [1000, 4],
    [100_000, 1],
  ])("%d tokens a second of %d units take as long as they should", async (tps, chunk) => {
    const clock = new ManualClock();
    const began = clock.now();
    const tokens = Math.ceil(tps * 4);
    const { text, ended } = start(clock, "x".repeat(tokens * chunk), { tps, chunk });
    for (let step = 0; step < 50; step++) await clock.advance(100);
    const due = (tokens / tps) * 1000;
    expect(text()).toHaveLength(tokens * chunk);
    expect((await ended) - began).toBeGreaterThanOrEqual(due);
    expect((await ended) - began).toBeLessThanOrEqual(due + 21);
  });

  it("catches up with a timer that came late", async () => {
    const clock = new ManualClock();
    const { context } = start(clock, LONG, { tps: 100, chunk: 4 });
    clock.jump(3000);
    await clock.advance(0);
    expect(context.stream.length).toBe(1204);
  });

  it("goes on where it was when the clock is set back", async () => {
    const clock = new ManualClock();
    const { context } = start(clock, LONG, { tps: 100, chunk: 4 });
    await clock.advance(1000);
    const before = context.stream.length;
    clock.jump(-3_600_000);
    for (let step = 0; step < 10; step++) {
      clock.jump(3_600_000);
      await clock.advance(0);
      clock.jump(-3_600_000);
    }
    await clock.advance(100);
    expect(context.stream.length).toBeGreaterThanOrEqual(before);
    expect(context.stream.length).toBeLessThan(before + 200);
  });

  it("shares one timer among all streams of a clock", async () => {
    const one = new ManualClock();
    start(one, LONG, { tps: 50, chunk: 4 });
    await one.advance(2000);
    const many = new ManualClock();
    for (let count = 0; count < 200; count++) start(many, LONG, { tps: 50, chunk: 4 });
    expect(many.pending).toBe(1);
    await many.advance(2000);
    expect(many.timersSet).toBe(one.timersSet);
  });

  it("sets no timer at all for text without a rate", async () => {
    const clock = new ManualClock();
    const { text, ended } = start(clock, LONG, { tps: 0, chunk: 4 });
    await ended;
    expect(text()).toBe(LONG);
    expect(clock.timersSet).toBe(0);
  });

  it("gives others a turn between the bursts of a huge text without a rate", async () => {
    const clock = new ManualClock();
    const huge = LONG.repeat(200);
    const { context, ended, text } = start(clock, huge, { tps: 0, chunk: 4 });
    expect(context.stream.length).toBe(65_536);
    await clock.advance(100);
    await ended;
    expect(text() === huge).toBe(true);
  });

  it("ends at once when cancelled, keeps its text and leaves no timer", async () => {
    const clock = new ManualClock();
    const { context, ended, abort } = start(clock, LONG, { tps: 40, chunk: 4 });
    await clock.advance(500);
    const kept = context.stream.length;
    abort();
    await expect(ended).rejects.toMatchObject({ code: "cancelled" });
    await clock.advance(500);
    expect(context.stream.length).toBe(kept);
    expect(clock.pending).toBe(0);
  });

  it("a stream that refuses text ends its own writer only", async () => {
    const clock = new ManualClock();
    const good = start(clock, LONG, { tps: 40, chunk: 4 });
    const bad = createContextDouble({ clock });
    let room = 3;
    const refusing = Object.create(bad.context, {
      stream: {
        value: {
          id: "refusing",
          length: 0,
          append() {
            room -= 1;
            if (room < 0) throw new Error("closed");
          },
        },
      },
      signal: { value: bad.context.signal },
      clock: { value: clock },
    });
    const ended = streamPaced(refusing, readString(LONG), { tps: 40, chunk: 4 });
    const outcome = expect(ended).rejects.toThrow("closed");
    await clock.advance(2000);
    await outcome;
    expect(good.context.stream.length).toBeGreaterThan(300);
  });
});
