import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CarrierError, type Incoming, type OpenCarrier } from "./carrier.js";
import { TestCarrier } from "./carrier.testing.js";
import { Connection, type ConnectionStatus } from "./connection.js";
import { RequestError } from "./requests.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp(open?: OpenCarrier) {
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

describe("a try that hangs", () => {
  const patienceMs = 10_000;
  const signals: AbortSignal[] = [];
  const never: OpenCarrier = Object.assign(
    (signal: AbortSignal) => {
      signals.push(signal);
      return new Promise<never>(() => {});
    },
    { patienceMs },
  );
  /** Opens carriers on which nobody speaks. */
  function silent() {
    const carriers: TestCarrier[] = [];
    const open: OpenCarrier = Object.assign(
      async () => {
        const carrier = new TestCarrier();
        carriers.push(carrier);
        return carrier;
      },
      { patienceMs },
    );
    return { carriers, open };
  }

  beforeEach(() => {
    signals.length = 0;
  });

  test("while it opens is given up in time, and the next ones follow with longer and longer waits", async () => {
    const { started, statuses } = setUp(never);
    await started();
    await vi.advanceTimersByTimeAsync(patienceMs - 1);
    expect(statuses.at(-1)?.kind).toBe("connecting");
    const waits: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      await vi.advanceTimersByTimeAsync(round === 0 ? 1 : patienceMs);
      const status = statuses.at(-1);
      if (status?.kind !== "offline") throw new Error("not offline");
      expect(status.reason).toBe("The server does not answer.");
      expect(signals.map(({ aborted }) => aborted)).toEqual(Array(round + 1).fill(true));
      waits.push(status.retryAt - Date.now());
      await vi.advanceTimersByTimeAsync(status.retryAt - Date.now());
      // It is told that it is tried, and people still see that they are offline.
      expect(statuses.at(-1)).toEqual({ ...status, retryAt: Date.now() });
    }
    expect(waits).toEqual([999, 1499, 2248]);
  });

  test("after it opened is given up as well, until the viewer is in step", async () => {
    const { carriers, open } = silent();
    const { started, statuses } = setUp(open);
    await started();
    await vi.advanceTimersByTimeAsync(patienceMs);
    expect(carriers[0]?.closedWith).toBe(4000);
    expect(statuses.at(-1)?.kind).toBe("offline");
    await vi.advanceTimersByTimeAsync(999);
    const second = carriers[1];
    expect(statuses.at(-1)?.kind).toBe("offline");
    // A long replay is not silent: each part of it counts.
    for (let part = 0; part < 3; part += 1) {
      await vi.advanceTimersByTimeAsync(patienceMs - 1);
      second?.deliver({ type: "stream_progress", stream_id: "s", length: part, timestamp: 1 });
      expect(statuses.at(-1)?.kind).toBe("catching-up");
    }
    expect(second?.closedWith).toBeUndefined();
    second?.deliver(SYNC);
    await vi.advanceTimersByTimeAsync(100 * patienceMs);
    expect(second?.closedWith).toBeUndefined();
    expect(statuses.at(-1)?.kind).toBe("live");
  });

  test("is not waited for when a person asks for another; what it still opens is closed", async () => {
    const opened: ((carrier: TestCarrier) => void)[] = [];
    const open = Object.assign(() => new Promise<TestCarrier>((resolve) => opened.push(resolve)), { patienceMs });
    const { started, statuses, connection } = setUp(open);
    await started();
    connection.retryNow();
    expect(opened).toHaveLength(2);
    const [late, fresh] = [new TestCarrier(), new TestCarrier()];
    opened[0]?.(late);
    opened[1]?.(fresh);
    await vi.advanceTimersByTimeAsync(0);
    expect([late.closedWith, fresh.closedWith]).toEqual([4000, undefined]);
    expect(late.sent).toEqual([]);
    fresh.deliver(SYNC);
    expect(statuses.at(-1)?.kind).toBe("live");
    connection.retryNow();
    expect(opened).toHaveLength(2);
  });

  test("is given up at once when the device loses its network", async () => {
    const { started, statuses, connection } = setUp(never);
    await started();
    connection.networkLost();
    expect(signals[0]?.aborted).toBe(true);
    expect(statuses.at(-1)).toMatchObject({ kind: "offline", reason: "This device is offline." });
  });

  test("is waited for where the other side is the app itself", async () => {
    const { started, carriers, statuses } = setUp();
    await started();
    await vi.advanceTimersByTimeAsync(100 * patienceMs);
    expect(carriers.map(({ closedWith }) => closedWith)).toEqual([undefined]);
    expect(statuses.at(-1)?.kind).toBe("catching-up");
  });
});
