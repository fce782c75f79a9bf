import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CarrierError, type Incoming } from "./carrier.js";
import { TestCarrier } from "./carrier.testing.js";
import { Connection, type ConnectionStatus } from "./connection.js";
import { RequestError } from "./requests.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp(open?: () => Promise<TestCarrier>) {
  const carriers: TestCarrier[] = [];
  const statuses: ConnectionStatus[] = [];
  const received: Incoming[] = [];
  const connection = new Connection({
    open:
      open ??
      (async () => {
        const carrier = new TestCarrier();
        carriers.push(carrier);
        return carrier;
      }),
    resume: () => ({ epoch: "e", cursors: { s1: 4 }, since_seq: 9 }),
    onMessages: (messages) => received.push(...messages),
    onStatus: (status) => statuses.push(status),
    random: () => 0.999,
  });
  const started = async () => {
    connection.start();
    await vi.advanceTimersByTimeAsync(0);
  };
  const last = () => {
    const carrier = carriers.at(-1);
    if (carrier === undefined) throw new Error("no carrier was opened");
    return carrier;
  };
  return { connection, carriers, statuses, received, started, last };
}

const SYNC: Incoming = { type: "sync_complete", seq: 1 };

test("attaching is the first message, with what the viewer holds", async () => {
  const { started, last, statuses } = setUp();
  await started();
  expect(last().sent).toEqual([{ type: "attach", epoch: "e", cursors: { s1: 4 }, since_seq: 9, acks: true }]);
  expect(statuses.map(({ kind }) => kind)).toEqual(["connecting", "catching-up"]);
  last().deliver(SYNC);
  expect(statuses.at(-1)?.kind).toBe("live");
});

test("it reconnects without limit, waiting longer each time, and starts over once it was live", async () => {
  const { started, last, carriers, statuses } = setUp();
  await started();
  const waits: number[] = [];
  for (let round = 0; round < 12; round += 1) {
    last().drop();
    const status = statuses.at(-1);
    if (status?.kind !== "offline") throw new Error("not offline");
    waits.push(status.retryAt - Date.now());
    await vi.advanceTimersByTimeAsync(30_000);
  }
  expect(carriers).toHaveLength(13);
  expect(waits.slice(0, 3)).toEqual([999, 1499, 2248]);
  expect(Math.max(...waits)).toBeLessThanOrEqual(30_000);
  last().deliver(SYNC);
  last().drop();
  const after = statuses.at(-1);
  expect(after?.kind === "offline" && after.attempt).toBe(0);
});

test("a refusal says what a person can do, and trying goes on", async () => {
  let tries = 0;
  const { started, statuses } = setUp(async () => {
    tries += 1;
    throw new CarrierError(4401, "This link is no longer valid.");
  });
  await started();
  expect(statuses.at(-1)).toMatchObject({ kind: "refused", reason: "This link is no longer valid." });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(tries).toBe(2);
});

test("retrying now does not wait", async () => {
  const { started, last, carriers, connection } = setUp();
  await started();
  last().drop();
  connection.retryNow();
  await vi.advanceTimersByTimeAsync(0);
  expect(carriers).toHaveLength(2);
});

test("a lost network ends the connection at once and what it still delivers is ignored", async () => {
  const { started, last, connection, statuses, received } = setUp();
  await started();
  const old = last();
  connection.networkLost();
  expect(statuses.at(-1)).toMatchObject({ kind: "offline", reason: "This device is offline." });
  old.deliver(SYNC);
  expect(received).toEqual([]);
});

test("replies settle their requests; a broken connection rejects what is open", async () => {
  const { started, last, connection } = setUp();
  await started();
  const first = connection.request({ type: "cancel", stream_id: "s1" });
  const second = connection.request({ type: "cancel", stream_id: "s2" });
  const third = connection.request({ type: "cancel", stream_id: "s3" });
  const [, one, two] = last().sent as { request_id: string }[];
  last().deliver(
    { type: "reply", request_id: two?.request_id ?? "", ok: false, error: { code: "conflict", message: "over" } },
    { type: "reply", request_id: one?.request_id ?? "", ok: true, result: { done: 1 } },
  );
  await expect(first).resolves.toEqual({ done: 1 });
  await expect(second).rejects.toMatchObject({ code: "conflict", message: "over" });
  const lost = expect(third).rejects.toBeInstanceOf(RequestError);
  last().drop();
  await lost;
});

test("a request without a connection is rejected at once", async () => {
  const { connection } = setUp();
  await expect(connection.request({ type: "cancel", stream_id: "s" })).rejects.toMatchObject({
    code: "connection_lost",
  });
});
