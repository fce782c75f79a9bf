import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer as createMockLlm } from "@dwmkerr/mock-llm/dist/server.js";
import { mockOpenAIResponse } from "openai-api-mock";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { RunContext } from "../../core/context.js";
import { createEngineResolver } from "../index.js";
import { agent, createContextDouble, inputs } from "../run-context.testing.js";

function start(baseUrl: string, waitForProvider?: RunContext["waitForProvider"]) {
  const double = createContextDouble(waitForProvider === undefined ? {} : { waitForProvider });
  const resolve = createEngineResolver({ providers: { mock: { type: "openai-compatible", baseUrl } } });
  const ended = resolve("mock/gpt-test").evaluate(agent(), double.context, inputs());
  ended.catch(() => undefined);
  return { ...double, ended };
}

describe("mock-llm, a server that none of us wrote", () => {
  const text = "# The history of flight\n\nKites came first, gliders second; engines came last.";
  const completion = {
    id: "c",
    object: "chat.completion",
    model: "m",
    choices: [{ message: { role: "assistant", content: text }, finish_reason: "stop" }],
  };
  const refusals = {
    provider_auth: { message: "Invalid API key", type: "invalid_request_error", code: "invalid_api_key" },
    rate_limited: { message: "Rate limit exceeded", type: "rate_limit_error", code: "rate_limit_exceeded" },
    provider_unavailable: { message: "Internal server error", type: "server_error", code: null },
  };
  let server: Server;
  let url: string;

  beforeAll(async () => {
    // It logs every request.
    vi.spyOn(console, "log").mockImplementation(() => {});
    const rule = (path: string, status: number, body: unknown) => ({
      path,
      match: "@",
      response: { status, content: JSON.stringify(body) },
    });
    const rules = [
      rule("/v1/chat/completions", 200, completion),
      ...Object.entries(refusals).map(([code, error]) => rule(`/${code}/chat/completions`, 400, { error })),
    ];
    const app: RequestListener = createMockLlm(
      { streaming: { chunkSize: 8, chunkIntervalMs: 5 }, rules },
      "127.0.0.1",
      0,
    );
    server = createHttpServer(app).listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    vi.restoreAllMocks();
    server.closeAllConnections();
    server.close();
  });

  it("streams: every chunk is seen on its own, over time, and the text is whole", async () => {
    const run = start(`${url}/v1`);
    expect((await run.ended).outputs).toEqual([{ type: "Article", payload: { text } }]);
    expect(run.appended).toEqual(text.match(/[\s\S]{1,8}/g));
  });

  it("cancels in mid-stream and keeps what has come", async () => {
    const run = start(`${url}/v1`);
    await run.reached(16);
    run.abort();
    await expect(run.ended).rejects.toMatchObject({ code: "cancelled" });
    expect(text.startsWith(run.text())).toBe(true);
    expect(run.text().length).toBeLessThan(text.length);
  });

  it.each(Object.entries(refusals))("refuses in its stream of events: %s", async (code, { message }) => {
    const run = start(`${url}/${code}`, async () => {});
    await expect(run.ended).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    expect(run.text()).toBe("");
  });
});

describe("openai-api-mock, a server that none of us wrote", () => {
  it("streams, and ends with [DONE] alone", async () => {
    const mock = mockOpenAIResponse(true, { baseUrl: "https://openai-api-mock.invalid/v1", seed: 1 });
    const run = start("https://openai-api-mock.invalid/v1");
    const result = await run.ended;
    mock.stopMocking();
    expect(run.appended).toHaveLength(4);
    expect(result.outputs).toEqual([{ type: "Article", payload: { text: run.text() } }]);
  });
});
