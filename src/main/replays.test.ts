import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { packBatch } from "../history/batch.js";
import { SqliteWriter } from "../history/sqlite-writer.js";
import type { Viewer } from "../relay/index.js";
import { ipcEncoder, type ViewerHub } from "./ipc-transport.js";
import { Replays } from "./replays.js";

const HELLO = {
  type: "hello",
  protocol: 1,
  server: "flockdeck/0.1.0",
  epoch: "e",
  runtime_mode: "dashboard",
  role: "watch",
  limits: { retained_chars: 1, flush_interval_ms: 50, max_frame_bytes: 1 },
  agents: [],
  artifact_types: {},
};
/** No process has such an id. */
const DEAD_PID = 2 ** 30;
const OVER = { ended_at: 9_000, pid: DEAD_PID };

const goingOn: SqliteWriter[] = [];
let folder: string;
let watched: (ViewerHub | null)[];
let replays: Replays;
let onWatch: (hub: ViewerHub | null) => void;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "flockdeck-replays-"));
  watched = [];
  onWatch = (hub) => watched.push(hub);
  replays = new Replays({
    folder,
    flush: async () => {},
    onWatch: (hub) => onWatch(hub),
    onChange: () => {},
  });
});
afterEach(async () => {
  replays.stop();
  for (const writer of goingOn.splice(0)) await writer.close();
  rmSync(folder, { recursive: true, force: true });
});

async function record(name: string, facts: { ended_at: number | null; pid: number }): Promise<string> {
  const file = `${name}.flockdeck.db`;
  const writer = new SqliteWriter(join(folder, file));
  await writer.tell({ epoch: "e", flock: name, path: null, started_at: 1_000, hello: JSON.stringify(HELLO), ...facts });
  const event = { type: "workflow_started", seq: 1, correlation_id: "w", timestamp: 1_500 } as const;
  await writer.write(packBatch([{ at: 1_500, event }]));
  if (facts.ended_at === null && facts.pid === process.pid) goingOn.push(writer);
  else await writer.close();
  return file;
}

describe("Replays", () => {
  it("lists what is over, what goes on, what was cut off and what cannot be read, newest first", async () => {
    await record("1-over", OVER);
    await record("2-on", { ended_at: null, pid: process.pid });
    await record("3-cut", { ended_at: null, pid: DEAD_PID });
    writeFileSync(join(folder, "4-broken.flockdeck.db"), "nothing of the kind");
    expect(await replays.list()).toMatchObject([
      { name: "4-broken.flockdeck.db", fault: expect.stringMatching(/^It cannot be read/) },
      { flock: "3-cut", fault: null, ended_at: 1_500, recording: false },
      { flock: "2-on", fault: null, ended_at: null, recording: true },
      { flock: "1-over", fault: null, started_at: 1_000, ended_at: 9_000, recording: false, workflows: 1 },
    ]);
  });

  it("shows the replay in place of the flock until it is left", async () => {
    const name = await record("over", OVER);
    await replays.start(name);
    expect(replays.state).toMatchObject({ name, flock: "over", from: 1_500, to: 1_500, speed: 1 });
    await replays.steer({ speed: 4 });
    expect(replays.state).toMatchObject({ speed: 4 });
    expect(watched).toEqual([replays.hub]);
    replays.stop();
    expect(replays.state).toBeNull();
    expect(watched.at(-1)).toBeNull();
    await expect(replays.steer({ playing: true })).rejects.toThrow("Nothing is being replayed.");
  });

  it("goes from one replay to another without cutting the page off", async () => {
    const [one, two] = [await record("one", OVER), await record("two", OVER)];
    const closed: number[] = [];
    let viewer: Viewer | undefined;
    // As the page's port does: it leaves the hub that it watched and joins the next.
    onWatch = (hub) => {
      viewer?.detach();
      viewer = hub?.addViewer(
        { encoder: ipcEncoder, bufferedBytes: 0, send: () => {}, close: (code) => closed.push(code) },
        { role: "watch", carrier: "ipc" },
      );
    };
    await replays.start(one);
    await replays.start(two);
    replays.stop();
    expect(closed).toEqual([]);
  });

  it("deletes no recording that is in use, and nothing else than recordings", async () => {
    const over = await record("over", OVER);
    const on = await record("on", { ended_at: null, pid: process.pid });
    writeFileSync(join(folder, "notes.txt"), "mine");
    await replays.start(over);
    await expect(replays.delete(over)).rejects.toThrow("It is being replayed. Leave the replay first.");
    await expect(replays.delete(on)).rejects.toThrow("It is still being recorded.");
    for (const name of ["notes.txt", "../over.flockdeck.db", "gone.flockdeck.db"])
      await expect(replays.delete(name)).rejects.toThrow("There is no such recording any more.");
    replays.stop();
    await replays.delete(over);
    expect(readdirSync(folder).filter((name) => !name.startsWith(on))).toEqual(["notes.txt"]);
  });

  it("says why there is none where nothing is recorded", async () => {
    const off = new Replays({ folder: null, flush: async () => {}, onWatch: () => {}, onChange: () => {} });
    expect(await off.list()).toEqual([]);
    await expect(off.start("x.flockdeck.db")).rejects.toThrow("Nothing is recorded: FLOCKDECK_HISTORY is off.");
  });
});
