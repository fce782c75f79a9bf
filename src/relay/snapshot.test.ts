import { expect, it } from "vitest";
import { hubWithStreams, streamEnded, TestViewer, testHub } from "./hub.testing.js";
import { HubSnapshot } from "./snapshot.js";

const run = { run_id: "run-s0", agent_name: "writer", correlation_id: "w1", timestamp: 5 };

it("lists streams with their state, and gives the retained text with its offset", () => {
  const { hub, clock } = hubWithStreams(2, { limits: { retainedChars: 4 } });
  const snapshot = new HubSnapshot(hub);
  hub.append("s0", "abcdef");
  hub.emit({ ...streamEnded("s0", "failed"), error: { code: "stalled", message: "m" } });
  clock.advance(60);
  expect(snapshot.streams()).toMatchObject([
    { stream_id: "s0", status: "failed", length: 6, duration: 1, error: { code: "stalled" } },
    { stream_id: "s1", status: "live", length: 0, first_text_at: null },
  ]);
  expect(snapshot.stream("s0")).toMatchObject({ offset: 2, content: "cdef", length: 6 });
  expect(snapshot.streams()[0]).not.toHaveProperty("content");
  expect(snapshot.streams()[0]).not.toHaveProperty("type");
  expect(snapshot.stream("nope")).toBeNull();
});

it("gives text that is not flushed yet", () => {
  const { hub } = hubWithStreams(1);
  hub.append("s0", "fresh");
  expect(new HubSnapshot(hub).stream("s0")).toMatchObject({ content: "fresh" });
});

it("follows workflows, runs and artifacts as they change", () => {
  const { hub } = testHub();
  const snapshot = new HubSnapshot(hub);
  expect([snapshot.workflows(), snapshot.runs(), snapshot.artifacts()]).toEqual([[], [], []]);
  hub.emit({ type: "workflow_started", correlation_id: "w1", timestamp: 1 });
  hub.emit({ type: "agent_activated", ...run, consumed_types: [], consumed_artifacts: ["a"], produced_types: [] });
  expect(snapshot.workflows()).toEqual([{ correlation_id: "w1", status: "running", started_at: 1 }]);
  expect(snapshot.runs()).toMatchObject([{ run_id: "run-s0", status: "running", consumed_artifacts: ["a"] }]);
  const artifact = {
    id: "b",
    type: "T",
    payload: { n: 1 },
    produced_by: "writer",
    correlation_id: "w1",
    tags: [],
    visibility: "public",
    version: 1,
    created_at: 6,
  };
  hub.emit({ type: "artifact_published", artifact });
  hub.emit({ type: "agent_completed", ...run, duration: 2, artifacts_produced: ["b"] });
  hub.emit({ type: "workflow_finished", correlation_id: "w1", status: "completed", duration: 3, timestamp: 7 });
  expect(snapshot.workflows()).toEqual([{ correlation_id: "w1", status: "completed", started_at: 1, duration: 3 }]);
  expect(snapshot.runs()).toMatchObject([{ status: "completed", duration: 2, artifacts_produced: ["b"] }]);
  expect(snapshot.artifacts()).toEqual([artifact]);
  expect(snapshot.artifact("b")).toEqual(artifact);
  expect(snapshot.artifact("nope")).toBeNull();
});

it("forgets what the hub let go of", () => {
  const { hub, clock } = testHub();
  const snapshot = new HubSnapshot(hub);
  const payload = "x".repeat(12 * 1024 * 1024);
  const fields = { type: "T", produced_by: "a", correlation_id: "w", tags: [], visibility: "public", version: 1 };
  for (const id of ["a", "b", "c"]) {
    hub.emit({ type: "artifact_published", artifact: { ...fields, id, created_at: 1, payload } });
    clock.advance(60);
    snapshot.artifacts();
  }
  expect(snapshot.artifacts().map(({ id }) => id)).toEqual(["b", "c"]);
  expect(snapshot.artifact("a")).toBeNull();
});

it("tells who watches, and how far each lags", () => {
  const { hub, clock } = hubWithStreams(1);
  new TestViewer(hub, { role: "control", carrier: "websocket", address: "10.0.0.1" }).attach();
  const slow = new TestViewer(hub).attach();
  slow.bufferedBytes = 2 ** 21;
  hub.append("s0", "12345");
  clock.advance(60);
  expect(new HubSnapshot(hub).viewers()).toEqual([
    {
      id: "v1",
      role: "control",
      carrier: "websocket",
      address: "10.0.0.1",
      connected_at: expect.any(Number),
      lag_chars: 0,
    },
    { id: "v2", role: "watch", carrier: "test", address: "", connected_at: expect.any(Number), lag_chars: 5 },
  ]);
});
