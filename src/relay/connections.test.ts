import { describe, expect, it } from "vitest";
import { hubWithStreams, streamStarted, TestViewer, testHub } from "./hub.testing.js";

const TOO_FULL = 1024 * 1024 + 1;

describe("commands", () => {
  const publish = { type: "publish", request_id: "r1", artifact_type: "T", payload: {} } as const;
  const cancel = { type: "cancel", request_id: "r2", stream_id: "s" } as const;

  it.each([publish, cancel])("$type is forbidden to a watcher", async (command) => {
    let called = 0;
    const { hub } = testHub({
      onCommand: async () => {
        called += 1;
        return { ok: true };
      },
    });
    const viewer = new TestViewer(hub, { role: "watch" }).attach();
    viewer.take();
    viewer.viewer.receive(command);
    await Promise.resolve();
    await expect.poll(() => viewer.messages.length).toBe(1);
    expect(viewer.take()).toMatchObject([
      { type: "reply", request_id: command.request_id, ok: false, error: { code: "forbidden" } },
    ]);
    expect(called).toBe(0);
  });

  it.each(["watch", "control"] as const)("that do not fit are answered, and the connection goes on: %s", (role) => {
    const { hub } = testHub({ onCommand: async () => ({ ok: true }) });
    const viewer = new TestViewer(hub, { role }).attach();
    viewer.take();
    viewer.viewer.receive({ type: "misfit", request_id: "r9", reason: "payload: missing" });
    expect(viewer.take()).toEqual([
      { type: "reply", request_id: "r9", ok: false, error: { code: "invalid_message", message: "payload: missing" } },
    ]);
    expect(hub.viewers).toHaveLength(1);
  });

  it("of a controller are answered with what the handler says", async () => {
    const { hub } = testHub({ onCommand: async () => ({ ok: true, result: { artifact_id: "a" } }) });
    const viewer = new TestViewer(hub, { role: "control" }).attach();
    const other = new TestViewer(hub, { role: "control" }).attach();
    viewer.take();
    other.take();
    viewer.viewer.receive(publish);
    await expect.poll(() => viewer.messages.length).toBe(1);
    expect(viewer.take()).toEqual([{ type: "reply", request_id: "r1", ok: true, result: { artifact_id: "a" } }]);
    expect(other.take()).toEqual([]);
  });

  it("whose handler breaks are answered too", async () => {
    const { hub } = testHub({
      onCommand: async () => {
        throw new Error("secret");
      },
    });
    const viewer = new TestViewer(hub, { role: "control" }).attach();
    viewer.take();
    viewer.viewer.receive(cancel);
    await expect.poll(() => viewer.messages.length).toBe(1);
    expect(viewer.take()).toMatchObject([{ ok: false, error: { code: "internal" } }]);
  });
});

describe("connections", () => {
  it("that do not attach within 10 s are closed with 4408", () => {
    const { hub, clock } = testHub();
    const late = new TestViewer(hub);
    const timely = new TestViewer(hub);
    clock.advance(9_999);
    timely.attach();
    expect(late.closed).toBeNull();
    clock.advance(1);
    expect(late.closed).toMatchObject({ code: 4408 });
    clock.advance(60_000);
    expect(timely.closed).toBeNull();
  });

  it("may be closed by the host", () => {
    const { hub } = testHub();
    const viewer = new TestViewer(hub).attach();
    expect(hub.disconnect(viewer.viewer.id)).toBe(true);
    expect(viewer.closed).toMatchObject({ code: 1008 });
    expect(hub.disconnect(viewer.viewer.id)).toBe(false);
  });

  it("are forgotten when detached: no send, no timer, no memory", () => {
    const { hub, clock } = hubWithStreams(1);
    const viewer = new TestViewer(hub).attach();
    viewer.viewer.detach();
    viewer.take();
    hub.append("s0", "x");
    clock.advance(60);
    viewer.viewer.receive({ type: "attach" });
    viewer.viewer.drained();
    expect(viewer.take()).toEqual([]);
    expect(hub.viewers).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it("get everything, then a close, at shutdown; later calls do nothing", () => {
    const { hub, clock } = hubWithStreams(1);
    const viewer = new TestViewer(hub).attach();
    hub.append("s0", "first");
    clock.advance(5);
    hub.append("s0", " last words");
    hub.shutdown();
    expect(viewer.text("s0")).toBe("first last words");
    expect(viewer.closed).toMatchObject({ code: 1001 });
    expect(clock.pending).toBe(0);
    hub.append("s0", "too late");
    expect(hub.emit(streamStarted("s1"))).toBeNull();
    expect(new TestViewer(hub).closed).toMatchObject({ code: 1001 });
    expect(clock.pending).toBe(0);
  });

  it("report lag: nothing for those in step, the wait for those that were behind", () => {
    const lags: [number, number][] = [];
    const { hub, clock } = hubWithStreams(1, { onLag: (ms, viewers) => lags.push([ms, viewers]) });
    const viewer = new TestViewer(hub).attach();
    hub.append("s0", "a");
    clock.advance(10);
    expect(lags).toEqual([[0, 1]]);
    hub.append("s0", "b");
    clock.advance(100);
    expect(lags.at(-1)).toEqual([40, 1]);
    viewer.bufferedBytes = TOO_FULL;
    hub.append("s0", "c");
    clock.advance(500);
    viewer.bufferedBytes = 0;
    viewer.viewer.drained();
    expect(lags.at(-1)).toEqual([500, 1]);
  });
});
