/**
 * One conformance suite, whatever carries the messages. A carrier's test file is four lines:
 *
 *     import { conformanceSuite } from "../relay/conformance.testing.js";
 *     conformanceSuite({ name: "WebSocket, msgpack", open: async (hub) => ({ connect, close }) });
 *
 * The hub runs under fake time; the carrier under real time. So a carrier must deliver without the hub's clock.
 */
import { afterEach, describe, expect, it } from "vitest";
import type { Role, ServerMessage, Transport, ViewerMessage } from "../protocol/index.js";
import { conformanceModel } from "./conformance-model.testing.js";
import type { FakeClock } from "./fake-clock.testing.js";
import type { Hub } from "./hub.js";
import { streamEnded, streamStarted, testHub } from "./hub.testing.js";
import { Ledger } from "./ledger.testing.js";
import type { CommandHandler } from "./types.js";

/** A viewer's end of one connection. Nothing that arrives before `onMessage` is called may be lost. */
export interface CarrierLink extends Transport<ViewerMessage, ServerMessage[]> {
  /** Stops reading, so that the server sees a viewer that is not ready. Leave out where the carrier cannot. */
  stall?(): void;
  resume?(): void;
}

/** A hub being served. */
export interface CarrierHost {
  connect(role: Role): Promise<CarrierLink>;
  /** Stops serving and waits until every connection is gone. */
  close(): Promise<void>;
}

export interface Carrier {
  readonly name: string;
  /** Whether `stream_complete` may come without `full_content`. */
  readonly mayOmitFullContent: boolean;
  open(hub: Hub): Promise<CarrierHost>;
  /** Where a viewer's role is what the carrier makes it. */
  readonly onlyRole?: Role;
  /** Whether the viewer learns why it was closed, and has ten seconds to attach. Default true. */
  readonly tellsCloseCodes?: boolean;
  /** How many random histories the model test plays. */
  readonly runs?: number;
}

const everyLetter = 'aé漢😀\u0000\u2028"\\\n';

export function conformanceSuite(carrier: Carrier): void {
  describe(`conformance: ${carrier.name}`, () => {
    const cleanups: (() => Promise<void>)[] = [];
    afterEach(async () => {
      for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
    });

    async function serve(onCommand?: CommandHandler): Promise<{ hub: Hub; clock: FakeClock; host: CarrierHost }> {
      const { hub, clock } = testHub(onCommand === undefined ? {} : { onCommand });
      const host = await carrier.open(hub);
      cleanups.push(async () => {
        hub.shutdown();
        await host.close();
      });
      return { hub, clock, host };
    }

    it("hello comes first, once, and sync_complete answers attach", async () => {
      const { host } = await serve();
      const viewer = new Ledger();
      await viewer.connect(host, "control");
      expect(viewer.received.map((message) => message.type)).toEqual(["hello", "sync_complete"]);
      expect(viewer.received[0]).toMatchObject({ protocol: 1, role: "control", epoch: "epoch-1" });
    });

    it("every kind of message and character arrives as it was sent", async () => {
      const { hub, clock, host } = await serve();
      const viewer = new Ledger();
      await viewer.connect(host);
      viewer.received = [];
      const run = { run_id: "r", agent_name: "writer", correlation_id: "w", timestamp: 1.5 };
      const artifact = { id: "a", type: "T", produced_by: "x", correlation_id: "w", created_at: 1, version: 1 };
      const payload = { text: everyLetter, deep: [{ n: -1.25, big: 2 ** 53 - 1, no: null, yes: true }] };
      hub.emit({ type: "workflow_started", correlation_id: "w", timestamp: 1 });
      hub.emit({
        type: "artifact_published",
        artifact: { ...artifact, payload, tags: ["t"], visibility: { kind: "private", agents: ["b"] } },
      });
      hub.emit({
        type: "agent_activated",
        ...run,
        consumed_types: ["T"],
        consumed_artifacts: ["a"],
        produced_types: [],
      });
      hub.emit({ type: "agent_waiting", ...run, reason: "429", until: 2 });
      hub.emit(streamStarted("s"));
      hub.append("s", everyLetter);
      hub.emit({ ...streamEnded("s"), usage: { output_tokens: 3 } });
      hub.emit({ type: "agent_error", ...run, error: { code: "stalled", message: "m" }, attempt: 1, will_retry: true });
      hub.emit({ type: "agent_completed", ...run, duration: 0.5, artifacts_produced: [], usage: { input_tokens: 1 } });
      hub.emit({ type: "workflow_finished", correlation_id: "w", status: "completed", duration: 1, timestamp: 2 });
      clock.advance(100);
      await viewer.until(() => viewer.received.some((message) => message.type === "workflow_finished"));
      expect(viewer.received.map((message) => message.type)).toEqual([
        "workflow_started",
        "artifact_published",
        "agent_activated",
        "agent_waiting",
        "stream_started",
        "stream_chunk",
        "stream_complete",
        "agent_error",
        "agent_completed",
        "workflow_finished",
      ]);
      expect(viewer.received[1]).toMatchObject({ artifact: { payload, visibility: { kind: "private" } } });
      expect(viewer.holds("s", everyLetter)).toBe(true);
      expect(viewer.faults).toEqual([]);
      const end = viewer.received.find((message) => message.type === "stream_complete");
      expect(end !== undefined && "full_content" in end).toBe(!carrier.mayOmitFullContent);
    });

    it("a viewer that comes back gets the missing units only", async () => {
      const { hub, clock, host } = await serve();
      const viewer = new Ledger();
      await viewer.connect(host);
      hub.emit(streamStarted("s"));
      hub.append("s", "before, ");
      clock.advance(100);
      await viewer.until(() => viewer.holds("s", "before, "));
      viewer.drop();
      hub.append("s", "meanwhile, ");
      clock.advance(100);
      viewer.received = [];
      await viewer.connect(host);
      expect(viewer.received).toMatchObject([
        { type: "hello" },
        { type: "stream_chunk", chunk: "meanwhile, ", offset: 8 },
        { type: "sync_complete" },
      ]);
      hub.append("s", "after");
      hub.emit(streamEnded("s"));
      clock.advance(100);
      await viewer.until(() => viewer.streams.get("s")?.status === "completed");
      expect(viewer.holds("s", "before, meanwhile, after")).toBe(true);
      expect(viewer.faults).toEqual([]);
    });

    it("focus follows what is on screen", async () => {
      const { hub, clock, host } = await serve();
      const viewer = new Ledger();
      await viewer.connect(host);
      for (const id of ["seen", "unseen"]) hub.emit(streamStarted(id));
      clock.advance(100);
      viewer.focus(["seen"]);
      // A command's reply tells that the focus before it has been taken.
      viewer.link?.send({ type: "cancel", request_id: "r", stream_id: "x" });
      await viewer.until(() => viewer.received.some((message) => message.type === "reply"));
      for (const id of ["seen", "unseen"]) hub.append(id, "text");
      clock.advance(300);
      await viewer.until(() => viewer.received.some((message) => message.type === "stream_progress"));
      expect(viewer.holds("seen", "text")).toBe(true);
      expect(viewer.holds("unseen", "")).toBe(true);
      viewer.focus(null);
      await viewer.until(() => viewer.holds("unseen", "text"));
      expect(viewer.faults).toEqual([]);
    });

    it("a watcher may only look; a controller is answered", async () => {
      const { host } = await serve(async (command) => ({ ok: true, result: { did: command.type } }));
      const replies: ServerMessage[] = [];
      const roles = (["watch", "control"] as const).filter((role) => role === (carrier.onlyRole ?? role));
      for (const role of roles) {
        const viewer = new Ledger();
        await viewer.connect(host, role);
        viewer.link?.send({ type: "publish", request_id: role, artifact_type: "T", payload: { a: [1] } });
        await viewer.until(() => viewer.received.some((message) => message.type === "reply"));
        replies.push(...viewer.received.filter((message) => message.type === "reply"));
      }
      const answers = {
        watch: { request_id: "watch", ok: false, error: { code: "forbidden" } },
        control: { request_id: "control", ok: true, result: { did: "publish" } },
      };
      expect(replies).toMatchObject(roles.map((role) => answers[role]));
    });

    it.skipIf(carrier.tellsCloseCodes === false)("a viewer that never attaches is closed with 4408", async () => {
      const { clock, host } = await serve();
      const link = await host.connect("watch");
      const closed = new Promise<{ code: number }>((resolve) => {
        link.onClose(resolve);
      });
      clock.advance(10_000);
      expect(await closed).toMatchObject({ code: 4408 });
    });

    it("shutdown gives everything, then closes with 1001", async () => {
      const { hub, clock, host } = await serve();
      const viewer = new Ledger();
      await viewer.connect(host);
      hub.emit(streamStarted("s"));
      hub.append("s", "a");
      clock.advance(10);
      hub.append("s", "nd the rest");
      hub.shutdown();
      await viewer.until(() => viewer.closed !== null);
      expect(viewer.closed).toMatchObject({ code: 1001 });
      expect(viewer.holds("s", "and the rest")).toBe(true);
    });

    conformanceModel(carrier);
  });
}
