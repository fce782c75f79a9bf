import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deferred, inputs } from "../run-context.testing.js";
import { startCall } from "./model-call.testing.js";
import { chatChunk, type ModelServer, startModelServer } from "./model-server.testing.js";

let server: ModelServer;

beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

/** Turns of the event loop until then: unlike time, they do not grow when the machine is busy. */
async function turnsUntil(event: Promise<unknown>): Promise<number> {
  let over = false;
  void event.then(() => {
    over = true;
  });
  let turns = 0;
  for (; !over; turns++) await new Promise<void>((resolve) => setImmediate(resolve));
  return turns;
}

describe("cancel", () => {
  it("reaches the provider, and the run's end, as soon as a chunk reaches the run", async () => {
    const run = startCall(server);
    server.answer((exchange) => exchange.begin());
    const request = await server.request(0);
    const chunks: number[] = [];
    for (let number = 1; number <= 20; number++) {
      void request.event(chatChunk({ content: "word " }));
      chunks.push(await turnsUntil(run.reached(number * 5)));
    }
    // The first ones also load and open what later ones find there.
    const slowest = Math.max(...chunks.slice(5));
    run.abort();
    const [closed, ended] = await Promise.all([turnsUntil(request.closed), turnsUntil(run.fault)]);
    expect(closed).toBeLessThanOrEqual(10 * slowest);
    expect(ended).toBeLessThanOrEqual(10 * slowest);
    expect(run.text()).toBe("word ".repeat(20));
  });

  it("closes the provider's connection and keeps the text", async () => {
    const run = startCall(server);
    server.answer(async (exchange) => {
      exchange.begin();
      await exchange.event(chatChunk({ content: "Some text" }));
    });
    await run.reached(9);
    run.abort();
    expect(await run.fault).toMatchObject({ code: "cancelled" });
    await server.exchanges[0]?.closed;
    expect(run.text()).toBe("Some text");
    expect(run.clock.pending).toBe(0);
  });

  it("reaches a request that has no answer yet", async () => {
    const run = startCall(server);
    server.answer(() => {});
    const request = await server.request(0);
    run.abort();
    await request.closed;
    expect(await run.fault).toMatchObject({ code: "cancelled" });
  });

  it("ends a wait for the provider, and nothing is sent after it", async () => {
    server.answer((exchange) => exchange.json(429, { error: { message: "Slow down" } }, { "retry-after": "3600" }));
    const waiting = deferred<void>();
    const run = startCall(server, {}, inputs(), {
      waitForProvider: () =>
        new Promise((resolve) => {
          run.context.signal.addEventListener("abort", () => resolve(), { once: true });
          waiting.resolve(undefined);
        }),
    });
    await waiting.promise;
    run.abort();
    expect(await run.fault).toMatchObject({ code: "cancelled" });
    expect(server.exchanges).toHaveLength(1);
  });

  it("before it began sends nothing", async () => {
    const aborted = new AbortController();
    aborted.abort();
    const run = startCall(server, {}, inputs(), { signal: aborted.signal });
    expect(await run.fault).toMatchObject({ code: "cancelled" });
    expect(server.exchanges).toHaveLength(0);
  });
});
