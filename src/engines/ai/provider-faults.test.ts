import { APICallError, JSONParseError, NoContentGeneratedError } from "ai";
import { describe, expect, it } from "vitest";
import { FlockError } from "../../core/errors.js";
import { providerFault, redact, refusalOf } from "./provider-faults.js";

const words = { provider: "local", key: "topsecretkey", keyEnv: "LOCAL_KEY", baseUrl: "http://127.0.0.1:9/v1" };
const http = (statusCode: number | undefined, message: string, more: { responseBody?: string; cause?: unknown } = {}) =>
  new APICallError({
    message,
    url: "http://x",
    requestBodyValues: {},
    ...(statusCode !== undefined && { statusCode }),
    ...more,
  });
const network = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

describe("faults", () => {
  it.each<[string, unknown, boolean, string, RegExp]>([
    ["a fault that has its code", new FlockError("stalled", "Nothing came."), true, "stalled", /^Nothing came\.$/],
    ["401", http(401, "No"), false, "provider_auth", /^local: No \(HTTP 401\) Check the key in LOCAL_KEY\.$/],
    ["403", http(403, "No"), false, "provider_auth", /LOCAL_KEY/],
    ["404", http(404, "No such model"), false, "provider_rejected", /No such model \(HTTP 404\)/],
    ["408", http(408, "Late"), false, "provider_unavailable", /Late/],
    ["413", http(413, "Too long"), false, "provider_rejected", /Too long/],
    ["429", http(429, "Slow"), false, "rate_limited", /Slow/],
    [
      "a used-up quota",
      http(429, "Pay", { responseBody: '{"code":"insufficient_quota"}' }),
      false,
      "provider_rejected",
      /Pay/,
    ],
    ["500", http(500, "Oops"), false, "provider_unavailable", /Oops/],
    ["529", http(529, "Overloaded"), false, "provider_unavailable", /Overloaded/],
    [
      "nobody there",
      http(undefined, "Cannot connect", { cause: network("ECONNREFUSED") }),
      false,
      "provider_unavailable",
      /Nobody answers at http:\/\/127\.0\.0\.1:9\/v1\. \(ECONNREFUSED\)/,
    ],
    [
      "a broken stream",
      new TypeError("terminated", { cause: network("UND_ERR_SOCKET") }),
      true,
      "connection_lost",
      /broke in mid-stream.*UND_ERR_SOCKET/,
    ],
    [
      "a reset in mid-stream",
      http(undefined, "reset", { cause: network("ECONNRESET") }),
      true,
      "connection_lost",
      /text so far is kept/,
    ],
    [
      "an error event",
      { error: { type: "overloaded_error", message: "Busy" } },
      true,
      "provider_unavailable",
      /local: Busy/,
    ],
    ["an error event with a code", { message: "Bad key", code: "invalid_api_key" }, true, "provider_auth", /Bad key/],
    [
      "an error event of google",
      { code: 429, status: "RESOURCE_EXHAUSTED", message: "Enough" },
      true,
      "rate_limited",
      /Enough/,
    ],
    ["an error event of a filter", { code: "content_filter", message: "Not that" }, true, "content_filter", /Not that/],
    ["text", "just words", true, "engine_error", /local: just words/],
    ["nothing", undefined, true, "engine_error", /local: undefined/],
    ["broken JSON", new JSONParseError({ text: "{", cause: new Error("x") }), true, "engine_error", /not its format/],
    ["another of the SDK's", new NoContentGeneratedError({ message: "Empty" }), true, "engine_error", /Empty/],
  ])("%s", (_, error, midStream, code, message) => {
    const fault = providerFault(error, words, midStream);
    expect(fault).toBeInstanceOf(FlockError);
    expect(fault).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it("never show the key, nor what looks like one", () => {
    expect(providerFault(http(401, "Bad key topsecretkey."), words).message).not.toContain("topsecretkey");
    expect(redact("Incorrect API key provided: sk-proj-ab12****************9xyz.", undefined)).toBe(
      "Incorrect API key provided: [key].",
    );
    expect(redact("The task-oriented sketch", undefined)).toBe("The task-oriented sketch");
  });
});

it.each<[unknown, boolean]>([
  [http(429, ""), true],
  [http(503, ""), true],
  [http(408, ""), true],
  [http(400, ""), false],
  [http(401, ""), false],
  [http(429, "", { responseBody: "insufficient_quota" }), false],
  [{ error: { message: "Busy", code: 503 } }, true],
  [new FlockError("stalled", ""), false],
  ["words", false],
])("%o may be tried again: %s", (error, retryable) => {
  expect(refusalOf(error).retryable).toBe(retryable);
});
