import { expect, it } from "vitest";
import { createContextDouble, ManualClock } from "../run-context.testing.js";
import { GuardedCall, type StreamResult } from "./guarded-call.js";

type Part = StreamResult["stream"] extends ReadableStream<infer P> ? P : never;

async function start(stallTimeout: number) {
  const clock = new ManualClock();
  const source = new TransformStream<Part, Part>();
  const writer = source.writable.getWriter();
  const { context } = createContextDouble({ clock });
  const call = new GuardedCall(context, { headerTimeout: 1000, stallTimeout }, undefined);
  const starting = call.start(async () => ({ stream: source.readable }), { prompt: [] });
  const write = (part: Part) => writer.write(part).catch(() => undefined);
  void write({ type: "text-delta", id: "1", delta: "Some text" });
  const reader = (await starting).stream.getReader();
  await reader.read();
  return { call, clock, reader, write };
}

it.each<[string, Part]>([
  ["an empty delta", { type: "text-delta", id: "1", delta: "" }],
  ["an empty thought", { type: "reasoning-delta", id: "1", delta: "" }],
  ["a keep-alive", { type: "ping" }],
  ["metadata", { type: "response-metadata", id: "x" }],
])("%s is no progress", async (_, part) => {
  const { clock, reader, write } = await start(10_000);
  const ended = (async () => {
    while (!(await reader.read()).done);
  })();
  const outcome = expect(ended).rejects.toMatchObject({ code: "stalled" });
  for (let step = 0; step < 5; step++) {
    void write(part);
    await clock.advance(3000);
  }
  await outcome;
});

it.each<[string, Part]>([
  ["text", { type: "text-delta", id: "1", delta: "x" }],
  ["a thought", { type: "reasoning-delta", id: "1", delta: "x" }],
  ["a tool's input", { type: "tool-input-delta", id: "1", delta: "{" }],
])("%s is progress", async (_, part) => {
  const { call, clock, reader, write } = await start(10_000);
  for (let step = 0; step < 5; step++) {
    void write(part);
    expect((await reader.read()).value).toEqual(part);
    await clock.advance(9000);
  }
  expect(call.fault).toBeUndefined();
  call.abandon();
  expect(clock.pending).toBe(0);
});
