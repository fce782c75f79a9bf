import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startCall } from "./model-call.testing.js";
import { chatChunk, type Exchange, type ModelServer, startModelServer } from "./model-server.testing.js";

let server: ModelServer;

beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

it("a stream that says [DONE] without a reason is finished all the same", async () => {
  server.answer(async (exchange) => {
    exchange.begin();
    await exchange.event(chatChunk({ content: "Hi" }));
    await exchange.raw("data: [DO");
    await exchange.raw("NE]\n\n");
    exchange.end();
  });
  expect((await startCall(server).ended).outputs).toEqual([{ type: "Article", payload: { text: "Hi" } }]);
});

describe("a stream that goes wrong keeps its text and fails with", () => {
  it.each<[string, string, RegExp, (exchange: Exchange) => Promise<void> | void]>([
    ["a dropped connection", "connection_lost", /broke in mid-stream/, (exchange) => exchange.drop()],
    ["no finish", "no_finish", /without a finish/, (exchange) => exchange.end()],
    [
      "the length limit",
      "output_truncated",
      /length limit/,
      async (exchange) => {
        await exchange.event(chatChunk({}, "length"));
        exchange.end();
      },
    ],
    [
      "the content filter",
      "content_filter",
      /filter/,
      async (exchange) => {
        await exchange.event(chatChunk({}, "content_filter"));
        exchange.end();
      },
    ],
    [
      "malformed events",
      "engine_error",
      /not its format/,
      async (exchange) => {
        await exchange.raw('data: {"choices": [{"delta": {"content": 12}}]}\n\n');
        exchange.end();
      },
    ],
    [
      "broken JSON",
      "engine_error",
      /not its format/,
      async (exchange) => {
        await exchange.raw("data: {oops\n\n");
        exchange.end();
      },
    ],
    [
      "an error event",
      "provider_unavailable",
      /Too busy/,
      async (exchange) => {
        await exchange.event({ error: { message: "Too busy", type: "server_error", code: 503 } });
        exchange.end();
      },
    ],
  ])("%s → %s", async (_, code, words, then) => {
    const run = startCall(server);
    server.answer(async (exchange) => {
      exchange.begin();
      await exchange.event(chatChunk({ content: "Some text" }));
      await run.reached(9);
      await then(exchange);
    });
    expect(await run.fault).toMatchObject({ name: "FlockError", code, message: expect.stringMatching(words) });
    expect(run.text()).toBe("Some text");
    expect(server.exchanges).toHaveLength(1);
    await server.exchanges[0]?.closed;
    expect(run.clock.pending).toBe(0);
  });

  it("an end before any text → no_finish", async () => {
    server.answer((exchange) => {
      exchange.begin();
      exchange.end();
    });
    const run = startCall(server);
    expect(await run.fault).toMatchObject({ code: "no_finish" });
  });

  it("a stall: keep-alives and empty deltas are no text", async () => {
    const run = startCall(server, { stallTimeout: 30_000 });
    server.answer(async (exchange) => {
      exchange.begin();
      await exchange.event(chatChunk({ content: "Some text" }));
      await run.reached(9);
      for (let step = 0; step < 7; step++) {
        await exchange.raw(": keep-alive\n\n");
        await exchange.event(chatChunk({ content: "" }));
        await run.clock.advance(5000);
      }
    });
    expect(await run.fault).toMatchObject({ code: "stalled", message: expect.stringContaining("30 s") });
    expect(run.text()).toBe("Some text");
    await server.exchanges[0]?.closed;
  });

  it("no stall as long as text comes, however slowly", async () => {
    const run = startCall(server, { stallTimeout: 30_000 });
    server.answer(async (exchange) => {
      exchange.begin();
      for (let step = 1; step <= 5; step++) {
        await exchange.event(chatChunk({ content: "x" }));
        await run.reached(step);
        await run.clock.advance(25_000);
      }
      await exchange.event(chatChunk({}, "stop"));
      exchange.end();
    });
    expect((await run.ended).outputs).toEqual([{ type: "Article", payload: { text: "xxxxx" } }]);
  });

  it("an answer that never begins → timeout", async () => {
    const run = startCall(server, { headerTimeout: 60_000 });
    server.answer(() => {});
    const request = await server.request(0);
    await run.clock.advance(60_000);
    expect(await run.fault).toMatchObject({ code: "timeout", message: expect.stringContaining("60 s") });
    await request.closed;
    expect(server.exchanges).toHaveLength(1);
  });

  it("unless told otherwise: no answer for 600 s → timeout", async () => {
    const run = startCall(server);
    server.answer(() => {});
    await server.request(0);
    let over = false;
    void run.fault.then(() => {
      over = true;
    });
    await run.clock.advance(599_999);
    expect(over).toBe(false);
    await run.clock.advance(1);
    expect(await run.fault).toMatchObject({ code: "timeout", message: expect.stringContaining("600 s") });
  });

  it("unless told otherwise: no new text for 120 s → stalled", async () => {
    const run = startCall(server);
    server.answer(async (exchange) => {
      exchange.begin();
      await exchange.event(chatChunk({ content: "Some text" }));
    });
    await run.reached(9);
    let over = false;
    void run.fault.then(() => {
      over = true;
    });
    await run.clock.advance(119_999);
    expect(over).toBe(false);
    await run.clock.advance(1);
    expect(await run.fault).toMatchObject({ code: "stalled", message: expect.stringContaining("120 s") });
  });
});
