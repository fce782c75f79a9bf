import { FlockError } from "../../core/errors.js";
import { BUILT_IN, type BuiltIn, isBuiltIn } from "./built-in-providers.js";
import type { ProviderModel } from "./guarded-call.js";
import { type EndpointDefinition, findKey, type ProviderSources } from "./provider-sources.js";

/** A provider's model, ready to be loaded: the provider's package is imported with the first call only. */
export interface ConnectedModel {
  readonly provider: string;
  readonly key: string | undefined;
  readonly keyEnv: string | undefined;
  readonly baseUrl: string | undefined;
  load(fetch: typeof globalThis.fetch): Promise<ProviderModel>;
}

/** Finds the provider, key and address of `PROVIDER/MODEL`. Throws `unknown_model` or `missing_key`. */
export function connectModel(name: string, sources: ProviderSources): ConnectedModel {
  const slash = name.indexOf("/");
  const provider = name.slice(0, Math.max(slash, 0));
  const model = name.slice(slash + 1);
  const own = sources.providers ?? {};
  if (slash <= 0 || model === "") {
    throw new FlockError(
      "unknown_model",
      `"${name}" is not a model name. Type PROVIDER/MODEL, for example openai/gpt-5-mini.`,
    );
  }
  if (Object.hasOwn(own, provider)) {
    const endpoint = own[provider];
    if (endpoint !== undefined) return checkAddress(connectEndpoint(provider, model, endpoint, sources));
  }
  if (!isBuiltIn(provider)) {
    const known = ["demo", ...Object.keys(BUILT_IN), ...Object.keys(own)].join(", ");
    throw new FlockError(
      "unknown_model",
      `There is no provider "${provider}". Type one of: ${known}; or add it under providers:.`,
    );
  }
  return checkAddress(connectBuiltIn(provider, model, BUILT_IN[provider], sources));
}

function checkAddress(connected: ConnectedModel): ConnectedModel {
  const { provider, baseUrl } = connected;
  if (baseUrl === undefined || /^https?:\/\/[^/\s]/.test(baseUrl)) return connected;
  throw new FlockError(
    "unknown_model",
    `${provider}: "${baseUrl}" is not an address. Type it like http://127.0.0.1:8080/v1.`,
  );
}

function connectBuiltIn(provider: string, model: string, builtIn: BuiltIn, sources: ProviderSources): ConnectedModel {
  const key = findKey(provider, builtIn.keyEnvs, sources)?.key;
  const [keyEnv] = builtIn.keyEnvs;
  if (key === undefined && keyEnv !== undefined) throw missingKey(provider, keyEnv);
  const baseUrl = builtIn.baseUrl(sources.env ?? {});
  return {
    provider,
    key,
    keyEnv,
    baseUrl,
    load: (fetch) => builtIn.load({ model, key, baseUrl, fetch }),
  };
}

function connectEndpoint(
  provider: string,
  model: string,
  endpoint: EndpointDefinition,
  sources: ProviderSources,
): ConnectedModel {
  const { baseUrl, apiKeyEnv, headers } = endpoint;
  const key = findKey(provider, apiKeyEnv === undefined ? [] : [apiKeyEnv], sources)?.key;
  if (key === undefined && apiKeyEnv !== undefined) throw missingKey(provider, apiKeyEnv);
  return {
    provider,
    key,
    keyEnv: apiKeyEnv,
    baseUrl,
    load: async (fetch) => {
      const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
      const endpointProvider = createOpenAICompatible({
        name: provider,
        baseURL: baseUrl,
        ...(key !== undefined && { apiKey: key }),
        ...(headers !== undefined && { headers: { ...headers } }),
        includeUsage: true,
        supportsStructuredOutputs: true,
        fetch,
      });
      return endpointProvider.chatModel(model);
    },
  };
}

function missingKey(provider: string, env: string): FlockError {
  return new FlockError(
    "missing_key",
    `${provider} needs a key: set ${env}, or enter the key for ${provider} in the app's settings.`,
  );
}
