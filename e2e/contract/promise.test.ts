import { expect, test } from "vitest";
import { Command, file } from "./command.testing.js";
import { ECHO, many } from "./flocks.testing.js";
import { follow, type Held, type Message, number, ofType, text } from "./messages.testing.js";
import { type Connect, type Server, serve, Viewer, viewer } from "./server.testing.js";

const WORDS = Array.from({ length: 900 }, (_, index) => `${index}👋🏽ü`).join(" ");

/** Drops and re-attaches with what it holds, as often as told, until the workflow is over. */
async function restless(server: Server, connect: Connect, drops: number): Promise<Map<string, Held>> {
  let held = new Map<string, Held>();
  let seq: number | undefined;
  let epoch: string | undefined;
  for (let drop = 0; ; drop++) {
    const cursors = Object.fromEntries(
      [...held].filter(([, { complete }]) => !complete).map(([id, { from, text }]) => [id, from + text.length]),
    );
    const watching = await new Viewer(server, { token: server.watch, ...connect }).attach(
      epoch === undefined ? {} : { epoch, since_seq: seq, cursors },
    );
    const over = () => ofType(watching.messages, "workflow_finished").length > 0;
    const enough = 3 + ((drop * 7) % 20);
    await watching.until(() => over() || (drop < drops && ofType(watching.messages, "stream_chunk").length > enough));
    watching.socket.terminate();
    await watching.closed;
    held = follow(watching.messages, held);
    epoch = text(watching.messages[0]?.epoch);
    for (const message of watching.messages) if (typeof message.seq === "number") seq = Math.max(seq ?? 0, message.seq);
    if (over()) return held;
  }
}

test("the promise: 20 streams, viewers that drop 25 times each, every unit once and in order", async () => {
  const server = await serve(many(20, "demo/echo?tps=500&chunk=5"));
  const publisher = await viewer(server);
  const viewers = ["flockdeck.v1.json", "flockdeck.v1.msgpack", "flockdeck.v1.json"].map((protocol) =>
    restless(server, { subprotocols: [protocol] }, 25),
  );
  const workflow = await publisher.publish("Line", { text: WORDS });
  await publisher.finished(workflow);
  for (const held of [...(await Promise.all(viewers)), follow(publisher.messages)]) {
    expect(held.size).toBe(20);
    for (const { from, text, complete } of held.values()) {
      expect([from, text === WORDS, complete?.status]).toEqual([0, true, "completed"]);
    }
  }
});

test("JSON viewers always get full_content, also outside their focus", async () => {
  const server = await serve(ECHO);
  const watching = await viewer(server);
  const unfocused = await viewer(server);
  unfocused.send({ type: "focus", streams: [] });
  for (const [type, length] of [
    ["Fast", 5],
    ["Big", 102_400],
  ] as const) {
    const workflow = await watching.publish(type, { text: "tides" });
    await Promise.all([watching.finished(workflow), unfocused.finished(workflow)]);
    for (const { messages } of [watching, unfocused]) {
      expect(text(ofType(messages, "stream_complete").at(-1)?.full_content)).toHaveLength(length);
    }
  }
});

test("msgpack: one frame a flush for all streams together", async () => {
  const server = await serve(many(12, "demo/echo?tps=200&chunk=4"));
  const frames: number[] = [];
  const watching = await viewer(server, { subprotocols: ["flockdeck.v1.msgpack"] });
  let before = watching.messages.length;
  watching.socket.on("message", () => {
    const news = watching.messages.slice(before);
    before = watching.messages.length;
    const streams = new Set(ofType(news, "stream_chunk").map((message) => message.stream_id));
    if (streams.size > 0) frames.push(streams.size);
  });
  const workflow = await watching.publish("Line", { text: "0123456789".repeat(160) });
  const { duration } = await watching.finished(workflow);
  expect(frames.length).toBeLessThanOrEqual(number(duration) * 20 * 1.5 + 12);
  expect(frames.filter((streams) => streams === 12).length).toBeGreaterThan(frames.length / 3);
});

test("a slow reader of --json slows only its own pipe, and gets one whole story", async () => {
  const run = new Command([
    "--cli",
    file(`${many(8, "demo/essay?tps=0&chars=300000")}publish:\n  Line: { text: flood }\n`),
    "--json",
  ]);
  await run.until(() => run.messages()[0]);
  run.child.stdout.pause();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  run.child.stdout.resume();
  const { code, stdout } = await run.finished;
  const messages: Message[] = stdout.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
  expect(code).toBe(0);
  const held = [...follow(messages).values()];
  expect(held.map(({ from, text }) => from + text.length)).toEqual(Array(8).fill(300_000));
  expect(messages.at(-1)?.type).toBe("workflow_finished");
});

test("events that are gone: a since_seq from the future or below what is kept is told from the start", async () => {
  const server = await serve(ECHO);
  const control = await viewer(server);
  const workflow = await control.publish("Fast", { text: "here" });
  await control.finished(workflow);
  const epoch = text(control.messages[0]?.epoch);
  const last = number(ofType(control.messages, "workflow_finished")[0]?.seq);
  const current = await viewer(server, {}, { epoch, since_seq: last });
  expect(current.messages.map((message) => message.type)).toEqual(["hello", "sync_complete"]);
  const zero = await viewer(server, {}, { epoch, since_seq: 0 });
  expect([...follow(zero.messages).values()].map((held) => held.text)).toEqual(["here"]);
  const future = await viewer(server, {}, { epoch, since_seq: last + 1000 });
  expect(future.messages.at(-1)?.type).toBe("sync_complete");
  for (const watching of [control, current, zero, future]) await watching.leave();
});
