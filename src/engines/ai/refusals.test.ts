import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { deferred, HastyClock, inputs, ManualClock } from "../run-context.testing.js";
import { startCall, TEST_KEY } from "./model-call.testing.js";
import { chatAnswer, type Exchange, type ModelServer, startModelServer } from "./model-server.testing.js";

let server: ModelServer;

beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

describe("a refused request", () => {
  const refusal = (status: number, message: string, headers?: Record<string, string>) => (exchange: Exchange) =>
    exchange.json(status, { error: { message, type: "error" } }, headers);

  it.each([
    ["seconds", () => "7"],
    ["a date", (clock: ManualClock) => new Date(clock.now() + 7000).toUTCString()],
  ])("with Retry-After in %s is a wait that viewers see, then goes on", async (_, after) => {
    const clock = new ManualClock();
    server.answer(refusal(429, "Slow down", { "retry-after": after(clock) }), chatAnswer(["Hi"]));
    const run = startCall(server, {}, inputs(), { clock });
    expect((await run.ended).outputs).toEqual([{ type: "Article", payload: { text: "Hi" } }]);
    expect(run.waits).toEqual([{ reason: "local asked to wait", until: clock.now() + 7000 }]);
    expect(run.appended).toEqual(["Hi"]);
  });

  it("without a time is tried twice more, after 0.5 s and 1 s", async () => {
    server.answer(refusal(503, "Overloaded"));
    const clock = new HastyClock();
    const run = startCall(server, {}, inputs(), { clock });
    expect(await run.fault).toMatchObject({ code: "provider_unavailable", message: "local: Overloaded (HTTP 503)" });
    expect(clock.slept).toEqual([500, 1000]);
    expect(server.exchanges).toHaveLength(3);
  });

  it("with a fault that asks nobody to wait is told of this run, and blocks its provider for none", async () => {
    server.answer(refusal(500, "Oops"), chatAnswer(["Hi"]));
    const clock = new HastyClock();
    const start = clock.now();
    const run = startCall(server, {}, inputs(), { clock });
    await run.ended;
    expect(run.waits).toEqual([{ reason: "local: Oops (HTTP 500) Trying again", until: start }]);
  });

  it("for too many requests is the provider's wish for all, also without a time", async () => {
    server.answer(refusal(429, "Slow down"), chatAnswer(["Hi"]));
    const run = startCall(server);
    await run.ended;
    expect(run.waits).toEqual([{ reason: "local asked to wait", until: run.clock.now() + 500 }]);
  });

  it("that waits for another try ends with a cancel, and nothing is sent after it", async () => {
    server.answer(refusal(500, "Oops"));
    const told = deferred<void>();
    const run = startCall(server, {}, inputs(), { waitForProvider: async () => told.resolve(undefined) });
    await told.promise;
    run.abort();
    expect(await run.fault).toMatchObject({ code: "cancelled" });
    expect(server.exchanges).toHaveLength(1);
    expect(run.clock.pending).toBe(0);
  });

  it.each([
    [401, "provider_auth", /Check the key in LOCAL_KEY/],
    [403, "provider_auth", /HTTP 403/],
    [400, "provider_rejected", /bad request of .* \(HTTP 400\)/],
    [404, "provider_rejected", /HTTP 404/],
    [422, "provider_rejected", /HTTP 422/],
  ])("with %d fails at once as %s, without the key", async (status, code, words) => {
    server.answer(refusal(status, `bad request of ${TEST_KEY}`));
    const run = startCall(server);
    const fault = await run.fault;
    expect(fault).toMatchObject({ code, message: expect.stringMatching(words) });
    expect(fault?.message).not.toContain(TEST_KEY);
    expect(run.waits).toEqual([]);
    expect(server.exchanges).toHaveLength(1);
  });

  it.each([
    [
      "an error in place of the first text",
      async (exchange: Exchange) => {
        exchange.begin();
        await exchange.event({ error: { message: "Rate limit exceeded", type: "rate_limit_error", code: 429 } });
        exchange.end();
      },
    ],
    [
      "a connection that breaks before the first text",
      (exchange: Exchange) => {
        exchange.begin();
        exchange.drop();
      },
    ],
  ])("by %s is sent again", async (_, refuse) => {
    server.answer(refuse, chatAnswer(["Hi"]));
    const run = startCall(server, {}, inputs(), { clock: new HastyClock() });
    expect((await run.ended).outputs).toEqual([{ type: "Article", payload: { text: "Hi" } }]);
    expect(run.waits).toHaveLength(1);
    expect(run.appended).toEqual(["Hi"]);
  });

  it("for a used-up quota is not repeated", async () => {
    server.answer((exchange) => exchange.json(429, { error: { message: "No credit", code: "insufficient_quota" } }));
    expect(await startCall(server).fault).toMatchObject({ code: "provider_rejected" });
    expect(server.exchanges).toHaveLength(1);
  });

  it("for ever with Retry-After is tried twice more, and fails as rate_limited", async () => {
    server.answer(refusal(429, "Slow down", { "retry-after": "1" }));
    expect(await startCall(server).fault).toMatchObject({ code: "rate_limited" });
    expect(server.exchanges).toHaveLength(3);
  });

  it("of many runs fails none of them while the provider gets on with the others", async () => {
    const RUNS = 12;
    // Two at a time get through, and the others are told to come again.
    let window: Exchange[] = [];
    server.answer((exchange) => {
      window.push(exchange);
      if (window.length > 2) return refusal(429, "Slow down", { "retry-after": "1" })(exchange);
      return chatAnswer(["Hi"])(exchange);
    });
    const clock = new ManualClock();
    const kept: (() => void)[] = [];
    const runs = Array.from({ length: RUNS }, () =>
      startCall(server, {}, inputs(), {
        clock,
        waitForProvider: () => new Promise<void>((resolve) => kept.push(resolve)),
      }),
    );
    const ended = Promise.allSettled(runs.map((run) => run.ended));
    for (let left = RUNS - 2; left > 0; left -= 2) {
      await vi.waitUntil(
        () => kept.length === left && runs.filter((run) => run.appended.length > 0).length === RUNS - left,
      );
      window = [];
      for (const resume of kept.splice(0)) resume();
    }
    expect((await ended).map(({ status }) => status)).toEqual(Array.from({ length: RUNS }, () => "fulfilled"));
  });

  it("by nobody listening says where", async () => {
    await server.close();
    const { url } = server;
    const run = startCall(server, {}, inputs(), { clock: new HastyClock() });
    expect(await run.fault).toMatchObject({
      code: "provider_unavailable",
      message: expect.stringContaining(`Nobody answers at ${url}/v1`),
    });
    expect(run.waits).toHaveLength(2);
    server = await startModelServer();
  });
});
