import { afterEach, beforeEach, expect, it } from "vitest";
import { type ModelServer, startModelServer } from "./model-server.testing.js";
import { createPatientFetch } from "./patient-fetch.js";

const GLOBAL_DISPATCHER = Symbol.for("undici.globalDispatcher.1");
let server: ModelServer;

beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

it("waits for headers longer than Node's own fetch does", async () => {
  server.answer(() => {});
  const send = { method: "POST", body: "{}" };
  new Response();
  const usual = Reflect.get(globalThis, GLOBAL_DISPATCHER);
  const Impatient = usual.constructor;
  Reflect.set(globalThis, GLOBAL_DISPATCHER, new Impatient({ headersTimeout: 1 }));
  try {
    const patient = createPatientFetch()(server.url, send);
    const request = await server.request(0);
    await expect(fetch(server.url, send)).rejects.toMatchObject({ cause: { code: "UND_ERR_HEADERS_TIMEOUT" } });
    request.json(200, { ok: true });
    expect(await (await patient).json()).toEqual({ ok: true });
  } finally {
    Reflect.set(globalThis, GLOBAL_DISPATCHER, usual);
  }
});

it("leaves a dispatcher of another kind as it is", async () => {
  server.answer((exchange) => exchange.json(200, { ok: true }));
  new Response();
  const usual = Reflect.get(globalThis, GLOBAL_DISPATCHER);
  let calls = 0;
  class Proxying extends usual.constructor {
    dispatch(...parts: unknown[]): unknown {
      calls += 1;
      return super.dispatch(...parts);
    }
  }
  Reflect.set(globalThis, GLOBAL_DISPATCHER, new Proxying());
  try {
    await createPatientFetch()(server.url, { method: "POST", body: "{}" });
    expect(calls).toBe(1);
  } finally {
    Reflect.set(globalThis, GLOBAL_DISPATCHER, usual);
  }
});
