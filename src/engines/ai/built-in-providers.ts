import type { ProviderModel } from "./guarded-call.js";

export interface ModelRequest {
  readonly model: string;
  readonly key: string | undefined;
  readonly baseUrl: string | undefined;
  readonly fetch: typeof globalThis.fetch;
}

type Environment = Readonly<Record<string, string | undefined>>;

export interface BuiltIn {
  /** Environment variables that may hold the key, the usual one first; empty where none is needed. */
  readonly keyEnvs: readonly string[];
  /** Undefined for the provider's own address. */
  baseUrl(env: Environment): string | undefined;
  load(request: ModelRequest): Promise<ProviderModel>;
}

/** Providers that a model's name may begin with. Their packages are imported when a model is first called. */
export const BUILT_IN = {
  openai: {
    keyEnvs: ["OPENAI_API_KEY"],
    baseUrl: (env) => set(env.OPENAI_BASE_URL),
    load: async ({ model, key, baseUrl, fetch }) => {
      const { createOpenAI } = await import("@ai-sdk/openai");
      const openai = createOpenAI({
        ...(key !== undefined && { apiKey: key }),
        ...(baseUrl !== undefined && { baseURL: baseUrl }),
        fetch,
      });
      // What stands in for OpenAI at another address seldom offers more than chat completions.
      const isOwn = baseUrl === undefined || new URL(baseUrl).hostname === "api.openai.com";
      return isOwn ? openai.responses(model) : openai.chat(model);
    },
  },
  anthropic: {
    keyEnvs: ["ANTHROPIC_API_KEY"],
    baseUrl: (env) => withPath(set(env.ANTHROPIC_BASE_URL), "/v1"),
    load: async ({ model, key, baseUrl, fetch }) => {
      const { createAnthropic } = await import("@ai-sdk/anthropic");
      return createAnthropic({
        ...(key !== undefined && { apiKey: key }),
        ...(baseUrl !== undefined && { baseURL: baseUrl }),
        fetch,
      })(model);
    },
  },
  google: {
    keyEnvs: ["GOOGLE_GENERATIVE_AI_API_KEY", "GEMINI_API_KEY", "GOOGLE_API_KEY"],
    baseUrl: (env) => withPath(set(env.GOOGLE_GENERATIVE_AI_BASE_URL) ?? set(env.GOOGLE_BASE_URL), "/v1beta"),
    load: async ({ model, key, baseUrl, fetch }) => {
      const { createGoogle } = await import("@ai-sdk/google");
      return createGoogle({
        ...(key !== undefined && { apiKey: key }),
        ...(baseUrl !== undefined && { baseURL: baseUrl }),
        fetch,
      })(model);
    },
  },
  ollama: {
    keyEnvs: [],
    baseUrl: (env) =>
      withPath(set(env.OLLAMA_BASE_URL) ?? address(set(env.OLLAMA_HOST), "11434"), "/v1") ??
      "http://127.0.0.1:11434/v1",
    load: (request) => loadLocal("ollama", request),
  },
  lmstudio: {
    keyEnvs: [],
    baseUrl: (env) => withPath(set(env.LMSTUDIO_BASE_URL), "/v1") ?? "http://127.0.0.1:1234/v1",
    load: (request) => loadLocal("lmstudio", request),
  },
} as const satisfies Record<string, BuiltIn>;

export function isBuiltIn(name: string): name is keyof typeof BUILT_IN {
  return Object.hasOwn(BUILT_IN, name);
}

async function loadLocal(name: string, { model, baseUrl, fetch }: ModelRequest): Promise<ProviderModel> {
  const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
  const provider = createOpenAICompatible({
    name,
    baseURL: baseUrl ?? "",
    includeUsage: true,
    supportsStructuredOutputs: true,
    fetch,
  });
  return provider.chatModel(model);
}

function set(value: string | undefined): string | undefined {
  const trimmed = value?.trim().replace(/\/+$/, "");
  return trimmed === "" ? undefined : trimmed;
}

/** `OLLAMA_HOST` may be a host, `host:port` or a URL; 0.0.0.0 is where a server listens, not where one connects. */
function address(host: string | undefined, port: string): string | undefined {
  if (host === undefined) return undefined;
  if (host.includes("://")) return host;
  const reachable = host.replace(/^0\.0\.0\.0(?=$|:)/, "127.0.0.1");
  return `http://${reachable}${/:\d+$/.test(reachable) ? "" : `:${port}`}`;
}

function withPath(url: string | undefined, path: string): string | undefined {
  if (url === undefined) return undefined;
  return /^[a-z]+:\/\/[^/]+$/i.test(url) ? url + path : url;
}
