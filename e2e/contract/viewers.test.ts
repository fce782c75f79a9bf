import { beforeAll, describe, expect, test } from "vitest";
import { ECHO, many } from "./flocks.testing.js";
import { expectShapes, follow, type Message, number, ofType, record, text } from "./messages.testing.js";
import { type Server, serve, Viewer, viewer } from "./server.testing.js";

let server: Server;
beforeAll(async () => {
  server = await serve(ECHO);
});

const SLOW = { text: "Zwölf Boxkämpfer 👋🏽 jagen Viktor quer über den großen Sylter Deich. ".repeat(6) };

const textOf = (messages: readonly Message[], stream: unknown) =>
  ofType(messages, "stream_chunk")
    .filter((message) => message.stream_id === stream)
    .map((message) => message.chunk)
    .join("");

const streamOf = (watching: Viewer, workflow: string) =>
  watching.until(() => ofType(watching.messages, "stream_started").find((m) => m.correlation_id === workflow));

describe.each(["flockdeck.v1.json", "flockdeck.v1.msgpack"])("%s", (protocol) => {
  const subprotocols = [protocol];

  test("hello first and once, then the replay, sync_complete and live messages", async () => {
    const watching = await viewer(server, { subprotocols });
    expect(watching.socket.protocol).toBe(protocol);
    expect(watching.messages[0]).toMatchObject({ type: "hello", protocol: 1, role: "control", runtime_mode: "api" });
    const workflow = await watching.publish("Line", { text: "live" });
    expect(await watching.finished(workflow)).toMatchObject({ status: "completed" });
    expectShapes(watching.messages);
    expect(ofType(watching.messages, "hello")).toHaveLength(1);
    expect(ofType(watching.messages, "sync_complete")).toHaveLength(1);
    const stream = (await streamOf(watching, workflow)).stream_id;
    expect(textOf(watching.messages, stream)).toBe("live");
    follow(watching.messages);
    await watching.leave();
  });

  test("whoever attaches in mid-stream holds every unit once, started before its text", async () => {
    const early = await viewer(server, { subprotocols });
    const workflow = await early.publish("Line", SLOW);
    const id = text((await streamOf(early, workflow)).stream_id);
    await early.until(() => textOf(early.messages, id).length > 60);
    const late = await viewer(server, { subprotocols });
    await Promise.all([early.finished(workflow), late.finished(workflow)]);
    for (const watching of [early, late]) {
      expect(follow(watching.messages).get(id)).toMatchObject({
        from: 0,
        text: SLOW.text,
        complete: { length: SLOW.text.length },
      });
    }
    const sync = late.messages.findIndex((message) => message.type === "sync_complete");
    expect(textOf(late.messages.slice(0, sync), id).length).toBeGreaterThan(0);
    await Promise.all([early.leave(), late.leave()]);
  });

  test("dropping and re-attaching with since_seq and cursors: only what is missing, nothing twice", async () => {
    const publisher = await viewer(server, { subprotocols });
    const workflow = await publisher.publish("Line", SLOW);
    const id = text((await streamOf(publisher, workflow)).stream_id);
    let watching = await viewer(server, { subprotocols });
    let held = follow(watching.messages);
    const all: Message[] = [];
    for (let drop = 0; drop < 4; drop++) {
      const so = number(held.get(id)?.text.length ?? 0);
      await watching.until(
        () => (follow(watching.messages, all.length ? held : undefined).get(id)?.text.length ?? 0) > so + 20,
      );
      watching.socket.terminate();
      await watching.closed;
      held = follow(watching.messages, all.length ? held : undefined);
      all.push(...watching.messages);
      const epoch = text(watching.messages[0]?.epoch);
      const seqs = all.map((message) => message.seq).filter((seq) => typeof seq === "number");
      const since_seq = Math.max(...seqs);
      const cursors = Object.fromEntries(
        [...held].filter(([, s]) => !s.complete).map(([key, s]) => [key, s.from + s.text.length]),
      );
      watching = await viewer(server, { subprotocols }, { epoch, since_seq, cursors });
      const [, ...events] = watching.messages;
      for (const event of events) {
        if (typeof event.seq === "number" && event.type !== "sync_complete")
          expect(event.seq).toBeGreaterThan(since_seq);
      }
      expect(ofType(events, "stream_reset")).toEqual([]);
    }
    await watching.finished(workflow);
    expect(follow(watching.messages, held).get(id)).toMatchObject({ from: 0, text: SLOW.text });
    await Promise.all([publisher.leave(), watching.leave()]);
  });

  test("of a stream longer than 102,400 units, its tail by stream_reset at a told offset", async () => {
    const publisher = await viewer(server, { subprotocols });
    const workflow = await publisher.publish("Big", { text: "tides" });
    const id = text((await streamOf(publisher, workflow)).stream_id);
    await publisher.finished(workflow);
    const own = follow(publisher.messages).get(id);
    expect(number(own?.from) + text(own?.text).length).toBe(150_000);

    const late = await viewer(server, { subprotocols });
    const told = late.messages.filter((message) => message.stream_id === id).map((message) => message.type);
    expect(told).toEqual(["stream_started", "stream_reset", "stream_complete"]);
    const reset = ofType(late.messages, "stream_reset").find((message) => message.stream_id === id);
    expect(reset).toMatchObject({ offset: 150_000 - 102_400, reason: "attached" });
    expect(text(reset?.content)).toHaveLength(102_400);
    expect(text(own?.text).endsWith(text(reset?.content).slice(-1000))).toBe(true);

    const epoch = text(late.messages[0]?.epoch);
    const started = number(ofType(late.messages, "stream_started").find((m) => m.stream_id === id)?.seq);
    const inside = await viewer(server, { subprotocols }, { epoch, since_seq: started, cursors: { [id]: 149_000 } });
    expect(textOf(inside.messages, id)).toHaveLength(1000);
    expect(inside.messages.find((m) => m.type === "stream_chunk" && m.stream_id === id)?.offset).toBe(149_000);
    const outside = await viewer(server, { subprotocols }, { epoch, since_seq: started, cursors: { [id]: 100 } });
    expect(ofType(outside.messages, "stream_reset").find((m) => m.stream_id === id)?.offset).toBe(47_600);
    const beyond = await viewer(server, { subprotocols }, { epoch, since_seq: started, cursors: { [id]: 150_001 } });
    expect(ofType(beyond.messages, "stream_reset").find((m) => m.stream_id === id)?.offset).toBe(47_600);
    await Promise.all([publisher, late, inside, outside, beyond].map((watching) => watching.leave()));
  });

  test("another epoch: cursors and since_seq mean nothing, the state is told from the start", async () => {
    const first = await viewer(server, { subprotocols });
    const workflow = await first.publish("Fast", { text: "again from zero" });
    await first.finished(workflow);
    const id = text((await streamOf(first, workflow)).stream_id);
    const other = await viewer(server, { subprotocols }, { epoch: "another", since_seq: 1e9, cursors: { [id]: 5 } });
    expect(follow(other.messages).get(id)).toMatchObject({ from: 0, text: "again from zero" });
    const types = other.messages.filter((m) => m.correlation_id === workflow).map((m) => m.type);
    expect(types).toEqual(
      expect.arrayContaining([
        "workflow_started",
        "agent_activated",
        "stream_started",
        "agent_completed",
        "workflow_finished",
      ]),
    );
    await Promise.all([first.leave(), other.leave()]);
  });

  test("focus: full text for these, stream_progress for the others; null brings all back", async () => {
    const publisher = await viewer(server, { subprotocols });
    const watching = await viewer(server, { subprotocols });
    const [one, two] = await Promise.all([publisher.publish("Line", SLOW), publisher.publish("Line", SLOW)]);
    const kept = text((await streamOf(watching, one)).stream_id);
    const other = text((await streamOf(watching, two)).stream_id);
    watching.send({ type: "focus", streams: [kept] });
    await watching.until(
      () => ofType(watching.messages, "stream_progress").filter((m) => m.stream_id === other).length > 2,
    );
    expect(ofType(watching.messages, "stream_progress").some((m) => m.stream_id === kept)).toBe(false);
    const before = textOf(watching.messages, other).length;
    const progress = ofType(watching.messages, "stream_progress").at(-1);
    expect(number(progress?.length)).toBeGreaterThan(before);
    watching.send({ type: "focus", streams: null });
    await Promise.all([watching.finished(one), watching.finished(two)]);
    const streams = follow(watching.messages);
    expect(streams.get(kept)?.text).toBe(SLOW.text);
    expect(streams.get(other)?.text).toBe(SLOW.text);
    await Promise.all([publisher.leave(), watching.leave()]);
  });

  test.each(["stream_id", "run_id", "correlation_id"])(
    "cancel by %s: stopped with its text, the others go on",
    async (by) => {
      const watching = await viewer(server, { subprotocols });
      const [stopped, other] = await Promise.all([watching.publish("Line", SLOW), watching.publish("Line", SLOW)]);
      const started = await streamOf(watching, stopped);
      const id = text(started.stream_id);
      await watching.until(() => textOf(watching.messages, id).length > 20);
      expect(await watching.ask({ type: "cancel", [by]: started[by] })).toMatchObject({ type: "reply", ok: true });
      const { status } = await watching.finished(stopped);
      if (by === "correlation_id") expect(status).toBe("cancelled");
      const held = follow(watching.messages).get(id);
      expect(held?.complete).toMatchObject({ status: "cancelled" });
      expect(SLOW.text.startsWith(held?.text ?? "-")).toBe(true);
      expect(await watching.finished(other)).toMatchObject({ status: "completed" });
      expect(await watching.ask({ type: "cancel", [by]: "nothing" })).toMatchObject({
        ok: false,
        error: { code: "not_found", message: expect.any(String) },
      });
      await watching.leave();
    },
  );

  test("publish: tags, a given correlation_id, and every refusal as a reply", async () => {
    const watching = await viewer(server, { subprotocols });
    const reply = await watching.ask({
      type: "publish",
      artifact_type: "Fast",
      payload: { text: "hi" },
      tags: ["urgent"],
      correlation_id: `mine-${protocol}`,
    });
    expect(reply).toMatchObject({
      ok: true,
      result: { artifact_id: expect.any(String), correlation_id: `mine-${protocol}` },
    });
    await watching.finished(`mine-${protocol}`);
    const published = ofType(watching.messages, "artifact_published")
      .map((message) => record(message.artifact))
      .find((artifact) => artifact.id === record(reply.result).artifact_id);
    expect(published).toMatchObject({
      type: "Fast",
      payload: { text: "hi" },
      tags: ["urgent"],
      correlation_id: `mine-${protocol}`,
    });
    for (const [fields, code] of [
      [{ artifact_type: "Nope", payload: {} }, "unknown_type"],
      [{ artifact_type: "Fast", payload: { txt: 1 } }, "invalid_payload"],
    ] as const) {
      expect(await watching.ask({ type: "publish", ...fields })).toMatchObject({ ok: false, error: { code } });
    }
    await watching.leave();
  });

  test("a watcher may look, not steer: a reply, and the connection stays", async () => {
    const watching = await viewer(server, { subprotocols, token: server.watch });
    expect(watching.messages[0]).toMatchObject({ role: "watch" });
    for (const fields of [
      { type: "publish", artifact_type: "Fast", payload: { text: "x" } },
      { type: "cancel", correlation_id: "x" },
    ]) {
      expect(await watching.ask(fields)).toMatchObject({ ok: false, error: { code: "forbidden" } });
    }
    await watching.leave();
  });
});

test("a slow viewer slows nobody, and converges when it reads again", async () => {
  const wide = await serve(many(12, "demo/essay?tps=0&chars=400000"));
  const slow = await viewer(wide);
  const quick = await viewer(wide);
  slow.socket.pause();
  const workflow = await quick.publish("Line", { text: "flood" });
  await quick.finished(workflow);
  expect(ofType(slow.messages, "workflow_finished")).toEqual([]);
  slow.socket.resume();
  await slow.finished(workflow);
  const [behind, ahead] = [follow(slow.messages), follow(quick.messages)];
  expect(behind.size).toBe(12);
  for (const [id, { from, text: tail, complete }] of behind) {
    expect(complete).toMatchObject({ status: "completed", length: 400_000 });
    const whole = ahead.get(id);
    const shared = Math.max(from, whole?.from ?? 0);
    expect(tail.slice(shared - from)).toBe(whole?.text.slice(shared - (whole?.from ?? 0)));
    expect(tail.length).toBeGreaterThanOrEqual(102_400);
  }
  expect(ofType(slow.messages, "stream_reset").some((message) => message.reason === "lagged")).toBe(true);
});

test("with acks, at most 1,000,000 units go unacknowledged; an ack brings the rest", async () => {
  const wide = await serve(many(16, "demo/essay?tps=0&chars=100000"));
  const watching = await viewer(wide, {}, { acks: true });
  const received = () =>
    watching.messages.reduce(
      (sum, { type, chunk, content }) =>
        sum + (type === "stream_chunk" ? text(chunk).length : type === "stream_reset" ? text(content).length : 0),
      0,
    );
  const witness = await viewer(wide);
  const workflow = await witness.publish("Line", { text: "flood" });
  await witness.finished(workflow);
  await watching.until(() => received() > 900_000);
  expect(received()).toBeLessThan(1_200_000);
  expect(ofType(watching.messages, "workflow_finished")).toEqual([]);
  const acking = setInterval(() => watching.send({ type: "ack", chars: received() }), 50);
  await watching.finished(workflow);
  clearInterval(acking);
  expect([...follow(watching.messages).values()].map((held) => held.from + held.text.length)).toEqual(
    Array(16).fill(100_000),
  );
});

test("another server is another epoch", async () => {
  const [one, two] = await Promise.all([viewer(server), serve(ECHO).then((other) => viewer(other))]);
  expect(one.messages[0]?.epoch).not.toBe(two.messages[0]?.epoch);
  const attached = await new Viewer(server, { token: server.watch }).attach({
    epoch: two.messages[0]?.epoch,
    since_seq: 0,
  });
  await attached.first("sync_complete");
  follow(attached.messages);
});
