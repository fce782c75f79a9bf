import { describe, expect, it } from "vitest";
import type { SequencedMessage } from "../protocol/index.js";
import { EventLog } from "./event-log.js";
import { StateLog } from "./state-log.js";

const run = (
  seq: number,
  id: string,
  type: "activated" | "waiting" | "completed" | "retry" | "failed",
): SequencedMessage => {
  const fields = { seq, run_id: id, agent_name: "a", correlation_id: "w", timestamp: seq };
  switch (type) {
    case "activated":
      return { type: "agent_activated", ...fields, consumed_types: [], consumed_artifacts: [], produced_types: [] };
    case "waiting":
      return { type: "agent_waiting", ...fields, reason: "429", until: 1 };
    case "completed":
      return { type: "agent_completed", ...fields, duration: 1, artifacts_produced: [] };
    default:
      return {
        type: "agent_error",
        ...fields,
        error: { code: "stalled", message: "" },
        attempt: 1,
        will_retry: type === "retry",
      };
  }
};

const artifact = (seq: number, id: string): SequencedMessage => ({
  type: "artifact_published",
  seq,
  artifact: {
    id,
    type: "T",
    payload: {},
    produced_by: "a",
    correlation_id: "w",
    tags: [],
    visibility: "public",
    version: 1,
    created_at: 1,
  },
});

const seqs = (log: StateLog): number[] => [...log.eventsAfter(0)].map((event) => event.seq);

describe("event log", () => {
  it("keeps the newest events and tells from where", () => {
    const log = new EventLog(3);
    expect([log.floor, log.last]).toEqual([1, 0]);
    for (let seq = 1; seq <= 10; seq++) log.push(artifact(seq, `a${seq}`), 0);
    expect([log.floor, log.last]).toEqual([8, 10]);
    expect([7, 8, 10, 11].map((seq) => log.get(seq)?.seq)).toEqual([undefined, 8, 10, undefined]);
  });

  it("keeps less when payloads are large, and the newest always", () => {
    const log = new EventLog(100, 10);
    for (let seq = 1; seq <= 5; seq++) log.push(artifact(seq, `a${seq}`), 4);
    expect([log.floor, log.last]).toEqual([4, 5]);
    log.push(artifact(6, "huge"), 1_000);
    expect([log.floor, log.last]).toEqual([6, 6]);
  });
});

describe("state log", () => {
  it("finds the next event after any seq, past those that left", () => {
    const log = new StateLog();
    log.push(run(1, "r", "activated"), 0);
    log.push(run(2, "r", "waiting"), 0);
    log.push(run(3, "r", "retry"), 0);
    expect([0, 1, 2, 3].map((seq) => log.after(seq)?.seq)).toEqual([1, 3, 3, undefined]);
  });

  it("keeps a run's wait only while it is the run's newest event", () => {
    const log = new StateLog();
    log.push(run(1, "r", "activated"), 0);
    for (const seq of [2, 3, 4]) log.push(run(seq, "r", "waiting"), 0);
    expect(seqs(log)).toEqual([1, 4]);
    log.push(run(5, "r", "completed"), 0);
    expect(seqs(log)).toEqual([1, 5]);
  });

  it("lets go of what has been over for longest, whole; what runs stays", () => {
    const log = new StateLog(4);
    log.push(run(1, "running", "activated"), 0);
    log.push(run(2, "over", "activated"), 0);
    log.push(run(3, "over", "completed"), 0);
    log.push(artifact(4, "a"), 0);
    log.push(artifact(5, "b"), 0);
    expect(seqs(log)).toEqual([1, 4, 5]);
    log.push(artifact(6, "c"), 0);
    log.push(artifact(7, "d"), 0);
    expect(seqs(log)).toEqual([1, 5, 6, 7]);
  });

  it("stays bounded however much happens", () => {
    const log = new StateLog(50);
    for (let seq = 1; seq < 5_000; seq += 2) {
      log.push(run(seq, `r${seq}`, "activated"), 0);
      log.push(run(seq + 1, `r${seq}`, "failed"), 0);
      expect(log.size).toBeLessThanOrEqual(51);
    }
    expect(log.after(0)?.seq).toBeGreaterThan(4_900);
  });

  it("is bounded by the size of payloads", () => {
    const log = new StateLog(1_000, 100);
    for (let seq = 1; seq <= 20; seq++) log.push(artifact(seq, `a${seq}`), 30);
    expect(seqs(log)).toEqual([18, 19, 20]);
  });
});
