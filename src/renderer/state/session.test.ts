import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ServerMessage } from "../../protocol/messages.js";
import { measureLater } from "../markdown/measures.js";
import * as atoms from "./atoms.js";
import { comparedAtom, filterAtom, fullScreenAtom, NO_FILTER } from "./interface.js";
import { startedSession } from "./session.testing.js";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

test("however many messages arrive, one frame sets what changed, once", async () => {
  const commit = vi.fn((change: () => void) => change());
  const { session, carrier, frames, script } = await startedSession(commit);
  carrier.deliver(...script.workflow("w"), ...script.start("s1"));
  frames.run();
  const release = session.show("s1");
  frames.run();
  const revisions = vi.fn();
  session.store.sub(atoms.streamRevisionAtom("s1"), revisions);
  commit.mockClear();
  for (let chunk = 0; chunk < 50; chunk += 1) carrier.deliver(script.text("s1", "word "));
  frames.run();
  expect(commit).toHaveBeenCalledTimes(1);
  expect(revisions).toHaveBeenCalledTimes(1);
  const stream = session.view.streams.get("s1");
  if (stream === undefined) throw new Error("the stream is unknown");
  expect(session.documents.of(stream).length).toBe(250);
  release();
});

test("what a frame measures is measured before it changes anything, and rendered in its one commit", async () => {
  const order: string[] = [];
  const commit = vi.fn((change: () => void) => {
    order.push("commit");
    change();
  });
  const { carrier, frames, script } = await startedSession(commit);
  order.length = 0;
  measureLater(() => {
    order.push("measured");
    return () => order.push("changed");
  });
  carrier.deliver(...script.workflow("w"), ...script.start("s1"));
  frames.run();
  expect(order).toEqual(["measured", "commit", "changed"]);
});

test("figures come with a frame of text; without one, by themselves a little later", async () => {
  const commit = vi.fn((change: () => void) => change());
  const { session, carrier, frames, script } = await startedSession(commit);
  carrier.deliver(...script.workflow("w"), ...script.start("s1"), script.text("s1", "word"));
  frames.run();
  const { store } = session;
  vi.advanceTimersByTime(1_500);
  const now = store.get(atoms.nowAtom);
  vi.advanceTimersByTime(500);
  expect([frames.requested, store.get(atoms.nowAtom)]).toEqual([false, now]);
  carrier.deliver(script.text("s1", "word"));
  commit.mockClear();
  frames.run();
  expect(commit).toHaveBeenCalledTimes(1);
  expect(store.get(atoms.nowAtom)).toBe(Date.now());
  vi.advanceTimersByTime(1_500);
  expect(store.get(atoms.nowAtom)).toBe(Date.now() - 400);
  const last = store.get(atoms.nowAtom);
  vi.advanceTimersByTime(500);
  session.stop();
  vi.advanceTimersByTime(1_000);
  expect(store.get(atoms.nowAtom)).toBe(last);
});

test("the clocks of very many streams have a frame of their own", async () => {
  const { session, carrier, frames, script } = await startedSession();
  const ids = Array.from({ length: 33 }, (_, at) => `s${at}`);
  carrier.deliver(...script.workflow("w"), ...ids.flatMap((id) => script.start(id)));
  frames.run();
  vi.advanceTimersByTime(1_000);
  expect(session.store.get(atoms.nowAtom)).toBe(Date.now());
});

test("text of a tile that is not on screen renders nothing", async () => {
  const { session, deliver, script } = await startedSession();
  deliver(...script.workflow("w"), ...script.start("s1"));
  const touched = vi.fn();
  session.store.sub(atoms.streamRevisionAtom("s1"), touched);
  session.store.sub(atoms.streamAtom("s1"), touched);
  deliver(script.text("s1", "first"));
  touched.mockClear();
  deliver(script.text("s1", "more"));
  deliver(script.text("s1", "and more"));
  expect(touched).not.toHaveBeenCalled();
  expect(session.view.streams.get("s1")?.text.slice()).toBe("firstmoreand more");
});

const focuses = (sent: readonly { type: string }[]) => sent.filter((message) => message.type === "focus");

test("the focus follows what is on screen", async () => {
  const { session, carrier, deliver, script } = await startedSession();
  deliver(...script.workflow("w"), ...script.start("s1"), ...script.start("s2"));
  const first = session.show("s1");
  await vi.advanceTimersByTimeAsync(2_000);
  expect(focuses(carrier.sent).at(-1)).toEqual({ type: "focus", streams: ["s1"] });
  const second = session.show("s2");
  await vi.advanceTimersByTimeAsync(200);
  expect(focuses(carrier.sent).at(-1)).toEqual({ type: "focus", streams: null });
  session.setHidden(true);
  await vi.advanceTimersByTimeAsync(200);
  expect(focuses(carrier.sent).at(-1)).toEqual({ type: "focus", streams: [] });
  session.setHidden(false);
  await vi.advanceTimersByTimeAsync(200);
  expect(focuses(carrier.sent).at(-1)).toEqual({ type: "focus", streams: null });
  first();
  second();
});

test("a filter that looks into the text has the text of all streams, on screen or not", async () => {
  const { session, carrier, deliver, script } = await startedSession();
  deliver(...script.workflow("w"), ...script.start("s1"), ...script.start("s2"));
  session.show("s1");
  await vi.advanceTimersByTimeAsync(2_000);
  session.store.set(filterAtom, { ...NO_FILTER, text: "ki" });
  await vi.advanceTimersByTimeAsync(200);
  expect(focuses(carrier.sent).at(-1)).toEqual({ type: "focus", streams: ["s1"] });
  session.store.set(filterAtom, { ...NO_FILTER, text: "kite" });
  await vi.advanceTimersByTimeAsync(200);
  expect(focuses(carrier.sent).at(-1)).toEqual({ type: "focus", streams: null });
  session.store.set(filterAtom, NO_FILTER);
  await vi.advanceTimersByTimeAsync(200);
  expect(focuses(carrier.sent).at(-1)).toEqual({ type: "focus", streams: ["s1"] });
});

test("a stream that has just begun counts as seen, so that its text comes at once", async () => {
  const { session, carrier, deliver, script } = await startedSession();
  deliver(...script.workflow("w"), ...script.start("s1"));
  const release = session.show("s1");
  await vi.advanceTimersByTimeAsync(3_000);
  deliver(...script.start("s2"));
  await vi.advanceTimersByTimeAsync(300);
  const told = focuses(carrier.sent).at(-1) as { streams: string[] | null } | undefined;
  expect(told === undefined || told.streams === null || told.streams.includes("s2")).toBe(true);
  release();
});

test("received text is acknowledged on the way, as a total of the connection", async () => {
  const { carrier, deliver, script } = await startedSession();
  deliver(...script.workflow("w"), ...script.start("s1"));
  deliver(script.text("s1", "x".repeat(70_000)));
  deliver(script.text("s1", "x".repeat(70_000)));
  expect(carrier.sent.filter(({ type }) => type === "ack")).toEqual([
    { type: "ack", chars: 70_000 },
    { type: "ack", chars: 140_000 },
  ]);
});

test("a new epoch forgets everything of the one before", async () => {
  const { session, deliver, script } = await startedSession();
  deliver(...script.workflow("w"), ...script.start("s1"));
  expect(session.store.get(atoms.workflowIdsAtom)).toEqual(["w"]);
  deliver(script.hello("e2"), script.sync());
  expect(session.store.get(atoms.workflowIdsAtom)).toEqual([]);
  expect(session.store.get(atoms.artifactsAtom)).toEqual([]);
  expect(session.store.get(atoms.totalsAtom)).toEqual(atoms.NO_TOTALS);
});

test("agents downstream have their places before they begin, and give them up when the workflow is over", async () => {
  const { session, deliver, script } = await startedSession();
  deliver(...script.workflow("w"), ...script.start("s1"));
  const places = () =>
    session.store.get(atoms.slotsAtom("w")).map(({ agent, streamId }) => `${agent}:${streamId ?? "waiting"}`);
  expect(places()).toEqual(["writer:s1", "editor:waiting"]);
  expect(session.store.get(atoms.totalsAtom)).toMatchObject({ live: 1, waiting: 1 });
  deliver(script.text("s1", "done"), script.complete("s1"), script.finish("w"));
  expect(places()).toEqual(["writer:s1"]);
  expect(session.store.get(atoms.totalsAtom)).toMatchObject({ live: 0, waiting: 0, done: 1 });
});

test("clearing finished tiles keeps those that are live", async () => {
  const { session, deliver, script } = await startedSession();
  deliver(...script.workflow("w"), ...script.start("s1"), ...script.start("s2"));
  deliver(script.text("s1", "done"), script.complete("s1"));
  session.clearFinished();
  expect([...session.view.streams.keys()]).toEqual(["s2"]);
  expect(session.store.get(atoms.slotsAtom("w")).map(({ streamId }) => streamId)).toEqual([null, "s2"]);
});

test("what is picked, open or filtered for is let go of with what was cleared", async () => {
  const { session, deliver, script } = await startedSession();
  const { store } = session;
  deliver(...script.workflow("w"), ...script.start("s1"), ...script.start("s2"), script.complete("s1"));
  store.set(comparedAtom, ["s1", "s2"]);
  store.set(fullScreenAtom, "s1");
  store.set(filterAtom, { text: "kite", state: "live", agent: "writer", workflowId: "w" });
  session.clearFinished();
  expect(store.get(comparedAtom)).toEqual(["s2"]);
  expect(store.get(fullScreenAtom)).toBeNull();
  expect(store.get(filterAtom)).toEqual({ text: "kite", state: "live", agent: "writer", workflowId: "w" });
  deliver({ ...script.hello("e2"), agents: [] } as ServerMessage, script.sync());
  expect(store.get(comparedAtom)).toEqual([]);
  expect(store.get(filterAtom)).toEqual({ text: "kite", state: "live", agent: null, workflowId: null });
});

test("clearing finished tiles lets go of all of a workflow that is over", async () => {
  const { session, deliver, script } = await startedSession();
  deliver(...script.workflow("w"), ...script.start("s1"), ...script.workflow("running"));
  deliver(script.text("s1", "done"), script.complete("s1"), script.finish("w"));
  const artifacts = () => session.store.get(atoms.artifactsAtom).map(({ artifact }) => artifact.correlation_id);
  expect(artifacts()).toContain("w");
  session.clearFinished();
  expect(artifacts()).not.toContain("w");
  expect([...session.view.workflows.keys()]).toEqual(["running"]);
  expect(session.view.runs.size).toBe(0);
  expect(session.store.get(atoms.runIdsAtom)).toEqual([]);
});

test("a gap that the server did not tell is filled by attaching again", async () => {
  const { carrier, deliver, script } = await startedSession();
  deliver(...script.workflow("w"), ...script.start("s1"), script.text("s1", "abc"));
  deliver({ type: "stream_chunk", stream_id: "s1", agent_name: "writer", chunk: "z", offset: 9, timestamp: 1 });
  const attaches = carrier.sent.filter(({ type }) => type === "attach");
  expect(attaches).toHaveLength(2);
  expect(attaches[1]).toMatchObject({ epoch: "e1", cursors: { s1: 3 } });
});

test("a screen reader hears of the end, not of the text", async () => {
  const { session, deliver, script } = await startedSession();
  const heard: string[] = [];
  session.store.sub(atoms.announcementAtom, () => heard.push(session.store.get(atoms.announcementAtom)));
  deliver(...script.workflow("w"), ...script.start("s1"));
  for (let chunk = 0; chunk < 20; chunk += 1) deliver(script.text("s1", "text "));
  expect(heard).toEqual([]);
  deliver(script.complete("s1"));
  expect(heard).toEqual(["writer is done after 100 characters."]);
});

test("desktop messages go to their own places", async () => {
  const { session, deliver } = await startedSession();
  const commands: string[] = [];
  session.onCommand(({ command }) => commands.push(command));
  deliver({ type: "desktop_command", command: "settings" });
  expect(commands).toEqual(["settings"]);
});

test.each(["failed", "completed"] as const)(
  "a page that is loaded when a workflow has %s has the tiles that were there while it ran",
  async (status) => {
    const { session, deliver, script } = await startedSession();
    const workflow = script.workflow("w");
    const draft = script.artifact("draft", { correlation_id: "w", type: "Draft" });
    const streams = [...script.start("s1", "w", "editor"), script.complete("s1", { status })];
    deliver(...workflow, draft, ...streams, { ...script.finish("w"), status } as ServerMessage);
    const places = session.store.get(atoms.slotsAtom("w")).map(({ agent, streamId }) => `${agent}:${streamId ?? "-"}`);
    expect(places).toEqual(status === "failed" ? ["writer:-", "editor:s1"] : ["editor:s1"]);
  },
);

test("tiles stand in the same order when a page is loaded after the end", async () => {
  const { session, deliver, script } = await startedSession();
  const begun = [...script.workflow("w"), ...script.start("s1", "w", "editor"), ...script.start("s2", "w", "writer")];
  deliver(...begun, script.complete("s1"), script.complete("s2"), script.finish("w"));
  expect(session.store.get(atoms.slotsAtom("w")).map(({ agent }) => agent)).toEqual(["writer", "editor"]);
});

test("a frame that is held up leaves the rest of the tiles to the next, which begins with them", async () => {
  const held = { ms: 0 };
  let clock = 0;
  vi.spyOn(performance, "now").mockImplementation(() => clock);
  const commit = (change: () => void) => {
    change();
    clock += held.ms;
  };
  const { session, carrier, frames, script } = await startedSession(commit);
  const ids = Array.from({ length: 20 }, (_, at) => `s${at}`);
  carrier.deliver(...script.workflow("w"), ...ids.flatMap((id) => script.start(id)));
  frames.run();
  for (const id of ids) session.show(id);
  frames.run();
  const shown: string[] = [];
  for (const id of ids) session.store.sub(atoms.streamRevisionAtom(id), () => shown.push(id));
  const writeAll = () => {
    for (const id of ids) carrier.deliver(script.text(id, "word "));
  };
  const nextFrame = () => {
    shown.length = 0;
    frames.run();
    return shown.length;
  };
  writeAll();
  expect(nextFrame()).toBe(20);
  held.ms = 100;
  writeAll();
  expect(nextFrame()).toBe(8);
  const first = [...shown];
  expect(nextFrame()).toBe(8);
  expect(shown.some((id) => first.includes(id))).toBe(false);
  held.ms = 0;
  expect(nextFrame()).toBe(4);
  expect(nextFrame()).toBe(0);
  vi.mocked(performance.now).mockRestore();
});
