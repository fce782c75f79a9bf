import { expect, test } from "vitest";
import { ServerClock } from "./server-clock.js";

const NOW = 1_700_000_000_000;
const YESTERDAY = NOW - 86_400_000;

function setUp() {
  const machine = { now: NOW };
  return { machine, clock: new ServerClock(() => machine.now) };
}

function chunk(timestamp: number) {
  return { type: "stream_chunk" as const, stream_id: "s", agent_name: "a", chunk: "x", offset: 0, timestamp };
}

function replay(patch: object = {}) {
  const from = YESTERDAY;
  return { name: "r", flock: "f", from, to: from + 60_000, at: from + 1_000, speed: 1, playing: true, ...patch };
}

test("a clock that is off is followed from the nearest that it was seen to ours", () => {
  const { machine, clock } = setUp();
  clock.measure([chunk(NOW + 100)]);
  expect(clock.now()).toBe(NOW);
  clock.measure([chunk(NOW + 60_000)]);
  expect(clock.now()).toBe(NOW + 60_000);
  machine.now += 5_000;
  clock.measure([chunk(NOW + 64_000)]);
  expect(clock.now()).toBe(NOW + 64_000);
  clock.measure([chunk(NOW + 99_000)]);
  expect(clock.now()).toBe(NOW + 64_000);
});

test("in a replay the time is the recording's, at its speed, and never past its end", () => {
  const { machine, clock } = setUp();
  clock.follow(replay({ speed: 4 }));
  clock.measure([chunk(YESTERDAY + 40_000)]);
  machine.now += 2_000;
  expect(clock.now()).toBe(YESTERDAY + 9_000);
  machine.now += 60_000;
  expect(clock.now()).toBe(YESTERDAY + 60_000);
});

test("a replay that is paused stands still, and after it the time is ours again", () => {
  const { machine, clock } = setUp();
  clock.follow(replay({ playing: false }));
  machine.now += 30_000;
  expect(clock.now()).toBe(YESTERDAY + 1_000);
  clock.follow(null);
  expect(clock.now()).toBe(NOW + 30_000);
});
