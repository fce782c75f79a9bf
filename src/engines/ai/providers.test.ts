import { describe, expect, it } from "vitest";
import { describeProviders, type EndpointDefinition, type ProviderSources } from "./provider-sources.js";
import { connectModel } from "./providers.js";

const endpoint: EndpointDefinition = {
  type: "openai-compatible",
  baseUrl: "http://127.0.0.1:9/v1",
  apiKeyEnv: "LOCAL_KEY",
};

describe("connecting a model", () => {
  it.each<[string, ProviderSources, string | undefined, string | undefined]>([
    ["openai/gpt-5-mini", { env: { OPENAI_API_KEY: "k" } }, "k", undefined],
    ["openai/gpt-5-mini", { env: { OPENAI_API_KEY: " k ", OPENAI_BASE_URL: "http://x/v1/" } }, "k", "http://x/v1"],
    ["openai/gpt-5-mini", { env: { OPENAI_API_KEY: "k" }, keys: { openai: "kept" } }, "k", undefined],
    ["openai/gpt-5-mini", { env: { OPENAI_API_KEY: "" }, keys: { openai: "kept" } }, "kept", undefined],
    ["anthropic/claude", { keys: { anthropic: "kept" } }, "kept", undefined],
    ["anthropic/claude", { env: { ANTHROPIC_API_KEY: "k", ANTHROPIC_BASE_URL: "http://x" } }, "k", "http://x/v1"],
    ["google/gemini", { env: { GOOGLE_GENERATIVE_AI_API_KEY: "k" } }, "k", undefined],
    ["google/gemini", { env: { GEMINI_API_KEY: "k", GOOGLE_BASE_URL: "http://x/y" } }, "k", "http://x/y"],
    ["ollama/llama3.2:3b", {}, undefined, "http://127.0.0.1:11434/v1"],
    ["ollama/llama3.2:3b", { env: { OLLAMA_HOST: "0.0.0.0" } }, undefined, "http://127.0.0.1:11434/v1"],
    ["ollama/llama3.2:3b", { env: { OLLAMA_HOST: "box:1" } }, undefined, "http://box:1/v1"],
    ["ollama/llama3.2:3b", { env: { OLLAMA_BASE_URL: "https://box/ollama/v1" } }, undefined, "https://box/ollama/v1"],
    ["lmstudio/a/b", {}, undefined, "http://127.0.0.1:1234/v1"],
    ["local/a/b", { env: { LOCAL_KEY: "k" }, providers: { local: endpoint } }, "k", endpoint.baseUrl],
    ["open/a", { providers: { open: { type: "openai-compatible", baseUrl: "http://x" } } }, undefined, "http://x"],
  ])("%s with %j", (name, sources, key, baseUrl) => {
    expect(connectModel(name, sources)).toMatchObject({ key, baseUrl });
  });

  it.each<[string, ProviderSources, string, RegExp]>([
    ["openai/gpt-5", {}, "missing_key", /^openai needs a key: set OPENAI_API_KEY, or/],
    ["openai/gpt-5", { env: { OPENAI_API_KEY: " " } }, "missing_key", /OPENAI_API_KEY/],
    ["anthropic/claude", {}, "missing_key", /ANTHROPIC_API_KEY/],
    ["google/gemini", {}, "missing_key", /GOOGLE_GENERATIVE_AI_API_KEY/],
    ["local/a", { providers: { local: endpoint } }, "missing_key", /local needs a key: set LOCAL_KEY/],
    ["gpt-5", {}, "unknown_model", /Type PROVIDER\/MODEL/],
    ["/gpt-5", {}, "unknown_model", /Type PROVIDER\/MODEL/],
    ["openai/", {}, "unknown_model", /Type PROVIDER\/MODEL/],
    [
      "mistral/large",
      { providers: { local: endpoint } },
      "unknown_model",
      /demo, openai, .*, local; or add it under providers:/,
    ],
    ["constructor/x", {}, "unknown_model", /There is no provider/],
    ["ollama/x", { env: { OLLAMA_BASE_URL: "nonsense" } }, "unknown_model", /"nonsense" is not an address/],
  ])("%s with %j fails as %s", (name, sources, code, words) => {
    expect(() => connectModel(name, sources)).toThrowError(
      expect.objectContaining({ code, message: expect.stringMatching(words) }),
    );
  });
});

it("a settings page is told which keys there are and where they come from", () => {
  const sources: ProviderSources = {
    env: { OPENAI_API_KEY: "k", GEMINI_API_KEY: "k" },
    keys: { anthropic: "kept" },
    providers: { local: endpoint, open: { type: "openai-compatible", baseUrl: "http://x" } },
  };
  expect(describeProviders(sources)).toEqual([
    { name: "openai", env: "OPENAI_API_KEY", source: "environment" },
    { name: "anthropic", env: "ANTHROPIC_API_KEY", source: "settings" },
    { name: "google", env: "GEMINI_API_KEY", source: "environment" },
    { name: "local", env: "LOCAL_KEY", source: "none" },
  ]);
});
