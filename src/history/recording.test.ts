import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { StreamComplete, StreamStarted } from "../protocol/index.js";
import { packBatch } from "./batch.js";
import type { Entry, SessionFacts } from "./entry.js";
import { Recording, RecordingError } from "./recording.js";
import { SqliteWriter } from "./sqlite-writer.js";

const FACTS: SessionFacts = {
  epoch: "epoch-1",
  flock: "Newsroom",
  path: "/flocks/newsroom.yaml",
  started_at: 1_000,
  ended_at: null,
  pid: 7,
  hello: '{"type":"hello"}',
};

const started: StreamStarted = {
  type: "stream_started",
  seq: 2,
  stream_id: "s1",
  agent_name: "writer",
  run_id: "r1",
  correlation_id: "w1",
  attempt: 1,
  artifact_type: "Text",
  model: "demo/echo",
  consumed_artifacts: [],
  started_at: 1_001,
};
const complete: StreamComplete = {
  type: "stream_complete",
  seq: 3,
  stream_id: "s1",
  agent_name: "writer",
  status: "completed",
  length: 9,
  duration: 1,
  timestamp: 1_009,
};
const ENTRIES: Entry[] = [
  { at: 1_000, event: { type: "workflow_started", seq: 1, correlation_id: "w1", timestamp: 1_000 } },
  { at: 1_001, event: started },
  { at: 1_002, stream_id: "s1", offset: 0, text: "snow \u{1f328}\u0000" },
  { at: 1_008, stream_id: "s1", offset: 8, text: "é" },
  { at: 1_009, event: complete },
];

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "flockdeck-history-"));
  file = join(folder, "deep", "one.flockdeck.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function write(entries: readonly Entry[] = ENTRIES): Promise<SqliteWriter> {
  const writer = new SqliteWriter(file);
  await writer.tell(FACTS);
  await writer.write(packBatch(entries));
  return writer;
}

async function read<Answer>(ask: (recording: Recording) => Answer): Promise<Answer> {
  const recording = await Recording.open(file);
  try {
    return ask(recording);
  } finally {
    recording.close();
  }
}

describe("a recording", () => {
  it("gives back every entry, unit for unit", async () => {
    await (await write()).close();
    expect(await read((recording) => recording.entries(0, 1_000_000))).toEqual({ entries: ENTRIES, next: null });
  });

  it("is read while it is being written, and tells what it holds", async () => {
    const writer = await write();
    expect(await read((recording) => recording.summary())).toMatchObject({
      ...FACTS,
      workflows: 1,
      streams: 1,
      units: 9,
      last_at: 1_009,
    });
    await writer.tell({ ended_at: 2_000 });
    await writer.write(packBatch([{ at: 1_500, stream_id: "s2", offset: 0, text: "more" }]));
    expect(await read((recording) => recording.summary())).toMatchObject({ ended_at: 2_000, last_at: 1_500 });
    await writer.close();
  });

  it("comes in pages that together are all of it", async () => {
    await (await write()).close();
    await read((recording) => {
      const all: Entry[] = [];
      let pages = 0;
      for (let next: number | null = 0; next !== null; pages += 1) {
        const page = recording.entries(next, 1);
        expect(page.entries.length).toBeLessThanOrEqual(1);
        all.push(...page.entries);
        next = page.next;
      }
      expect(all).toEqual(ENTRIES);
      expect(pages).toBe(ENTRIES.length);
    });
  });

  it("finds a stream with its text and its end", async () => {
    await (await write()).close();
    await read((recording) => {
      expect(recording.stream("s1")).toEqual({
        started,
        complete,
        text: [
          { at: 1_002, offset: 0, text: "snow \u{1f328}\u0000" },
          { at: 1_008, offset: 8, text: "é" },
        ],
      });
      expect(recording.stream("s2")).toBeUndefined();
      expect(recording.completeOf("s2")).toBeNull();
    });
  });

  it.each([
    ["counts", "SELECT count(*) FROM entry WHERE type = 'stream_started' AND type <> 'text'", "entry_type"],
    ["a stream", "SELECT * FROM entry WHERE stream_id = 's' AND +type = 'stream_complete'", "entry_stream"],
  ])("looks %s up, however much text there is", async (_what, sql, index) => {
    await (await write()).close();
    const database = new Database(file);
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[];
    database.close();
    expect(plan.map(({ detail }) => detail).join()).toContain(index);
  });

  it("is a file for its owner alone that stands by itself", async () => {
    await (await write()).close();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "deep")).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(folder, "deep"))).toEqual(["one.flockdeck.db"]);
  });

  it("takes all of a batch or none of it", async () => {
    const writer = await write();
    const half = packBatch([ENTRIES[0], { at: null, stream_id: "s1", offset: 0, text: "no time" }] as never);
    await expect(writer.write(half)).rejects.toThrow();
    expect(await read((recording) => recording.entries(0, 1_000_000).entries)).toEqual(ENTRIES);
    await writer.close();
  });

  it("cannot be changed by reading", async () => {
    await (await write()).close();
    const before = statSync(file).mtimeMs;
    await read((recording) => recording.entries(0, 1_000_000));
    expect(statSync(file).mtimeMs).toBe(before);
  });

  it("says what is wrong with a file that is none", async () => {
    await expect(Recording.open(join(folder, "none.db"))).rejects.toEqual(new RecordingError("There is no such file."));
    const text = join(folder, "text.db");
    writeFileSync(text, "name: Newsroom\n".repeat(300));
    await expect(Recording.open(text)).rejects.toThrow(/^It cannot be read: /);
    const newer = join(folder, "newer.db");
    const database = new Database(newer);
    database.exec("PRAGMA user_version = 9");
    database.close();
    await expect(Recording.open(newer)).rejects.toThrow("It has format 9; this version of Flockdeck reads format 1.");
  });
});
