import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HistoryRecorder } from "../history/recorder.js";
import { Recording } from "../history/recording.js";
import { SqliteWriter } from "../history/sqlite-writer.js";
import { FakeClock } from "../relay/fake-clock.testing.js";
import { Hub, HubSnapshot } from "../relay/index.js";
import type { HubEvent } from "../relay/types.js";
import { InvalidCursorError, type ListQuery, type Page } from "./backend.js";
import { HistoryQueries } from "./history-queries.js";
import { SnapshotQueries } from "./snapshot-queries.js";

const describeNothing = () => ({
  server: "flockdeck/test",
  runtime_mode: "api" as const,
  agents: [],
  artifact_types: {},
});

let folder: string;
/** Retains everything: what it answers is right. */
let oracle: SnapshotQueries;
/** Retains no stream that has ended. */
let queries: HistoryQueries;
let forgetful: Hub;
let recorder: HistoryRecorder;
let tellBoth: (event: HubEvent) => void;
let appendBoth: (stream: string, text: string) => void;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "flockdeck-history-"));
  const file = join(folder, "one.flockdeck.db");
  const clock = new FakeClock();
  recorder = new HistoryRecorder({
    writer: new SqliteWriter(file),
    clock,
    facts: () => ({ epoch: "e", flock: "f", path: null, started_at: 1, ended_at: null, pid: 1, hello: "{}" }),
    onFault: (error) => {
      throw error;
    },
  });
  const whole = new Hub({ clock, describe: describeNothing });
  forgetful = new Hub({ clock, describe: describeNothing, recorder, limits: { completedRetentionMs: 0 } });
  tellBoth = (event) => {
    whole.emit(event);
    forgetful.emit(event);
    // The end is flushed before a stream's text may go.
    clock.advance(100);
  };
  appendBoth = (stream, text) => {
    whole.append(stream, text);
    forgetful.append(stream, text);
  };
  oracle = new SnapshotQueries(new HubSnapshot(whole), () => []);
  queries = new HistoryQueries(forgetful, new SnapshotQueries(new HubSnapshot(forgetful), () => []), {
    get isRecording() {
      return !recorder.isOver;
    },
    async read() {
      await recorder.flush();
      return Recording.open(file);
    },
  });
});
afterEach(async () => {
  await recorder.close();
  rmSync(folder, { recursive: true, force: true });
});

function artifact(id: string, workflow: string, fields: object): HubEvent {
  return {
    type: "artifact_published",
    artifact: {
      id,
      type: "Topic",
      payload: { id },
      produced_by: "external",
      correlation_id: workflow,
      tags: [],
      visibility: "public",
      version: 1,
      created_at: 1_000,
      ...fields,
    },
  };
}

function started(id: string, workflow: string, fields: object): HubEvent {
  return {
    type: "stream_started",
    stream_id: id,
    agent_name: "reporter",
    run_id: `run-${id}`,
    correlation_id: workflow,
    attempt: 1,
    artifact_type: "Article",
    model: "demo/essay",
    consumed_artifacts: ["a1"],
    started_at: 1_001,
    ...fields,
  };
}

/** Three workflows: one over, one taken up again after it was over, one that runs. */
function tellThreeWorkflows(): void {
  const run = { run_id: "run-s1", agent_name: "reporter", correlation_id: "w1" };
  tellBoth({ type: "workflow_started", correlation_id: "w1", timestamp: 1_000 });
  tellBoth(artifact("a1", "w1", { tags: ["urgent"] }));
  tellBoth({
    type: "agent_activated",
    ...run,
    consumed_types: ["Topic"],
    consumed_artifacts: ["a1"],
    produced_types: ["Article"],
    timestamp: 1_001,
  });
  tellBoth(started("s1", "w1", {}));
  appendBoth("s1", "snow \ud83c");
  appendBoth("s1", "\udf28 and a half \ud83c");
  tellBoth({
    type: "stream_complete",
    stream_id: "s1",
    agent_name: "reporter",
    status: "completed",
    duration: 2,
    usage: { output_tokens: 7 },
    timestamp: 1_004,
  });
  tellBoth(artifact("a2", "w1", { type: "Article", produced_by: "reporter", created_at: 1_005 }));
  tellBoth({ type: "agent_completed", ...run, duration: 3, artifacts_produced: ["a2"], timestamp: 1_006 });
  tellBoth({ type: "workflow_finished", correlation_id: "w1", status: "completed", duration: 6, timestamp: 1_006 });
  tellBoth({ type: "workflow_started", correlation_id: "w2", timestamp: 2_000 });
  tellBoth(started("s2", "w2", { agent_name: "editor", artifact_type: "Review", started_at: 2_001 }));
  tellBoth({
    type: "stream_complete",
    stream_id: "s2",
    agent_name: "editor",
    status: "failed",
    duration: 1,
    error: { code: "stream_broken", message: "It broke" },
    timestamp: 2_002,
  });
  tellBoth({ type: "workflow_finished", correlation_id: "w2", status: "failed", duration: 1, timestamp: 2_003 });
  tellBoth({ type: "workflow_started", correlation_id: "w2", timestamp: 2_004 });
  tellBoth({ type: "workflow_started", correlation_id: "w3", timestamp: 3_000 });
  tellBoth(artifact("a3", "w3", { tags: ["blue", "urgent"], created_at: 3_000 }));
  tellBoth(started("s3", "w3", { started_at: 3_001 }));
  appendBoth("s3", "still writing");
}

const LISTS = ["artifacts", "streams", "workflows"] as const;
const QUERIES: readonly Partial<ListQuery>[] = [
  {},
  { type: "Article" },
  { type: "Topic" },
  { type: "Nothing" },
  { produced_by: "reporter" },
  { produced_by: "external" },
  { tag: "urgent" },
  { tag: "blue" },
  { tag: "urgent", type: "Article" },
  { correlation_id: "w1" },
  { correlation_id: "w2", produced_by: "editor" },
  { from: 1_001, to: 2_001 },
  { to: 1_000 },
  { from: 3_000 },
];

describe("what the hub has let go is answered from the recording", () => {
  it("loses nothing that the hub would have told", async () => {
    tellThreeWorkflows();
    expect(forgetful.store.streams.has("s1")).toBe(false);
    for (const id of ["s1", "s2", "s3", "none"]) expect(await queries.stream(id), id).toEqual(await oracle.stream(id));
    for (const id of ["a1", "a2", "a3", "none"])
      expect(await queries.artifact(id), id).toEqual(await oracle.artifact(id));
    for (const id of ["w1", "w2", "w3", "none"])
      expect(await queries.workflow(id), id).toEqual(await oracle.workflow(id));
  });

  for (const list of LISTS) {
    it.each(QUERIES)(`${list} %j`, async (filter) => {
      tellThreeWorkflows();
      const query = { limit: 50, ...filter };
      expect(await queries[list](query)).toEqual(await oracle[list](query));
    });

    it(`${list} come in the same pages`, async () => {
      tellThreeWorkflows();
      let cursor: string | undefined;
      for (let page = 0; page < 4; page += 1) {
        const query: ListQuery = { limit: 1, cursor };
        const answer: Page<unknown> = await queries[list](query);
        expect(answer).toEqual(await oracle[list](query));
        if (answer.next_cursor === null) break;
        cursor = answer.next_cursor;
      }
      expect(cursor).toBeDefined();
      await expect(queries[list]({ limit: 1, cursor: "bm9uc2Vuc2U" })).rejects.toThrow(InvalidCursorError);
      const unknown = Buffer.from("1:nobody").toString("base64url");
      await expect(queries[list]({ limit: 1, cursor: unknown })).rejects.toThrow(InvalidCursorError);
    });
  }

  it("asks the hub where nothing more is recorded, and still has what was", async () => {
    tellThreeWorkflows();
    await recorder.close();
    tellBoth(artifact("a4", "w3", { created_at: 4_000 }));
    expect(await queries.artifacts({ limit: 50 })).toEqual(await oracle.artifacts({ limit: 50 }));
    expect(await queries.workflow("w3")).toEqual(await oracle.workflow("w3"));
    expect(await queries.stream("s1")).toEqual(await oracle.stream("s1"));
  });

  it("sees what was published a moment ago", async () => {
    tellThreeWorkflows();
    tellBoth(artifact("a4", "w3", { created_at: 4_000 }));
    const { items } = await queries.artifacts({ limit: 50 });
    expect(items.map(({ id }) => id)).toEqual(["a1", "a2", "a3", "a4"]);
  });
});
