import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { packBatch } from "../history/batch.js";
import type { Entry } from "../history/index.js";
import { SqliteWriter } from "../history/sqlite-writer.js";
import { FakeClock } from "../relay/fake-clock.testing.js";
import { streamEnded, streamStarted, TestViewer } from "../relay/hub.testing.js";
import type { Hub } from "../relay/index.js";
import type { HubEvent } from "../relay/types.js";
import { Replay } from "./replay.js";

const START = 1_600_000_000_000;
const HELLO = {
  type: "hello",
  protocol: 1,
  server: "flockdeck/0.1.0",
  epoch: "recorded",
  runtime_mode: "api",
  role: "watch",
  limits: { retained_chars: 1, flush_interval_ms: 50, max_frame_bytes: 1 },
  agents: [],
  artifact_types: {},
  flock: { name: "Newsroom", sample: { Topic: {} } },
};

let folder: string;
let clock: FakeClock;
let replay: Replay;
let viewer: TestViewer;
let changes: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "flockdeck-replay-"));
  clock = new FakeClock();
  changes = 0;
});
afterEach(() => {
  replay.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Entries by seconds after the start. */
async function record(entries: readonly (readonly [number, HubEvent | readonly [string, number, string]])[]) {
  const file = join(folder, "one.flockdeck.db");
  const writer = new SqliteWriter(file);
  await writer.tell({
    epoch: "recorded",
    flock: "Newsroom",
    path: null,
    started_at: START,
    ended_at: START + 99_000,
    pid: 1,
    hello: JSON.stringify(HELLO),
  });
  let seq = 0;
  const rows = entries.map(([seconds, what]) => {
    const at = START + seconds * 1000;
    if (!("type" in what)) return { at, stream_id: what[0], offset: what[1], text: what[2] };
    const length = what.type === "stream_complete" ? { length: 0 } : {};
    return { at, event: { ...what, ...length, seq: ++seq } } as Entry;
  });
  await writer.write(packBatch(rows));
  await writer.close();
  const watch = (hub: Hub) => {
    viewer = new TestViewer(hub).attach();
  };
  replay = await Replay.open(file, { clock, onHub: watch, onChange: () => changes++ });
  watch(replay.hub);
}

const text = (id = "s1") => viewer.state.streams.get(id)?.text.toString();

const STORY = [
  [0, { type: "workflow_started", correlation_id: "w1", timestamp: START }],
  [1, streamStarted("s1")],
  [2, ["s1", 0, "one "]],
  [3, ["s1", 4, "two"]],
  [4, streamEnded("s1")],
  [90, streamStarted("s2")],
  [91, ["s2", 0, "cut o"]],
] as const;

describe("Replay", () => {
  it("stands at the beginning, and tells what it is of without a way to steer", async () => {
    await record(STORY);
    clock.advance(60_000);
    expect(replay.state).toEqual({ from: START, to: START + 91_000, at: START, speed: 1, isPlaying: false });
    expect(viewer.state.hello).toMatchObject({ runtime_mode: "api", flock: { name: "Newsroom" } });
    expect(viewer.state.hello?.flock).not.toHaveProperty("sample");
    expect(viewer.state.workflows.size).toBe(0);
  });

  it("plays at the pace of the recording, with its times", async () => {
    await record(STORY);
    await replay.play();
    clock.advance(2_200);
    expect(text()).toBe("one ");
    clock.advance(1_000);
    expect(text()).toBe("one two");
    expect(viewer.state.streams.get("s1")).toMatchObject({ status: "live", firstTextAt: START + 2_000 });
    clock.advance(1_000);
    expect(viewer.state.streams.get("s1")?.status).toBe("completed");
  });

  it("plays as much faster as it is told to", async () => {
    await record(STORY);
    await replay.play();
    replay.setSpeed(4);
    clock.advance(850);
    expect(text()).toBe("one two");
    expect(replay.state.at).toBeGreaterThan(START + 3_000);
    expect(replay.state.at).toBeLessThan(START + 4_000);
  });

  it("stands still while it is paused, and goes on from there", async () => {
    await record(STORY);
    await replay.play();
    clock.advance(2_200);
    replay.pause();
    const { at } = replay.state;
    clock.advance(60_000);
    expect(replay.state).toMatchObject({ at, isPlaying: false });
    expect(text()).toBe("one ");
    await replay.play();
    clock.advance(1_000);
    expect(text()).toBe("one two");
  });

  it("leaves out the time in which nothing streams, and says so", async () => {
    await record(STORY);
    await replay.play();
    clock.advance(3_900);
    const before = changes;
    clock.advance(1_200);
    expect(changes).toBeGreaterThan(before);
    expect(viewer.state.streams.has("s2")).toBe(true);
  });

  it("ends what was cut off as failed, and its own play", async () => {
    await record(STORY);
    await replay.play();
    clock.advance(10_000);
    expect(replay.state).toMatchObject({ isPlaying: false, at: START + 91_000 });
    expect(text("s2")).toBe("cut o");
    expect(viewer.state.streams.get("s2")).toMatchObject({
      status: "failed",
      error: { code: "shutting_down", message: "The recording ends here" },
    });
  });

  it("plays again from the beginning after its end", async () => {
    await record(STORY);
    await replay.seek(START + 99_000);
    expect(replay.state.at).toBe(START + 91_000);
    await replay.play();
    expect(viewer.state.streams.size).toBe(0);
    clock.advance(2_200);
    expect(text()).toBe("one ");
  });

  it.each([
    [0, undefined],
    [2.5, "one "],
    [4, "one two"],
  ])("seeks to %s s, forward and back", async (seconds, expected) => {
    await record(STORY);
    for (const from of [0, 99]) {
      await replay.seek(START + from * 1000);
      await replay.seek(START + seconds * 1000);
      clock.advance(100);
      expect(text()).toBe(expected);
      expect(viewer.state.streams.get("s2")).toBeUndefined();
      expect(replay.state).toMatchObject({ at: START + seconds * 1000, isPlaying: false });
    }
  });

  it("goes on playing after a seek, and the last of several seeks counts", async () => {
    await record(STORY);
    await replay.play();
    await Promise.all([replay.seek(START + 90_500), replay.seek(START + 1_500)]);
    expect(replay.state).toMatchObject({ at: START + 1_500, isPlaying: true });
    clock.advance(700);
    expect(text()).toBe("one ");
  });

  it("plays with one timer, also where it is told to play while it seeks", async () => {
    const long = Array.from(
      { length: 20 },
      (_, at) => [3 + at / 100, ["s1", 7 + at * 30_000, "x".repeat(30_000)]] as const,
    );
    await record([...STORY.slice(0, 4), ...long, ...STORY.slice(5)]);
    const seeking = replay.seek(START + 3_150);
    await replay.play();
    await seeking;
    replay.pause();
    const { at } = replay.state;
    clock.advance(5_000);
    expect(replay.state).toMatchObject({ at, isPlaying: false });
  });

  it("says in the text where some was not recorded", async () => {
    await record([...STORY.slice(0, 3), [3, ["s1", 9, "after"]], STORY[4]]);
    await replay.seek(START + 99_000);
    clock.advance(100);
    expect(text()).toBe("one \n\n[5 characters were not recorded]\n\nafter");
  });

  it("tells nothing more once it is closed", async () => {
    await record(STORY);
    await replay.play();
    replay.close();
    clock.advance(10_000);
    expect(viewer.state.workflows.size).toBe(0);
    expect(viewer.closed).toMatchObject({ code: 1001 });
  });
});
