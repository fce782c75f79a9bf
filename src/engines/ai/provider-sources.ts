import { BUILT_IN } from "./built-in-providers.js";

/** An OpenAI-compatible endpoint of a flock file. */
export interface EndpointDefinition {
  readonly type: "openai-compatible";
  readonly baseUrl: string;
  /** The environment variable that holds its key; without it no key is sent. */
  readonly apiKeyEnv?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ProviderSources {
  /** Where keys and base URLs are looked up, usually `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Keys by provider name, from the app's settings, for where the environment has none. */
  readonly keys?: Readonly<Record<string, string | undefined>>;
  /** A flock file's endpoints by name. */
  readonly providers?: Readonly<Record<string, EndpointDefinition>>;
  readonly fetch?: typeof globalThis.fetch;
}

/** A provider that needs a key, for a settings page. */
export interface ProviderDescription {
  readonly name: string;
  /** The environment variable that holds its key. */
  readonly env: string;
  /** Where the key in use comes from. */
  readonly source: "environment" | "settings" | "none";
}

export function describeProviders(sources: ProviderSources): ProviderDescription[] {
  const builtIn = Object.entries(BUILT_IN).map(([name, { keyEnvs }]) => ({ name, keyEnvs }));
  const own = Object.entries(sources.providers ?? {}).map(([name, { apiKeyEnv }]) => ({
    name,
    keyEnvs: apiKeyEnv === undefined ? [] : [apiKeyEnv],
  }));
  return [...builtIn, ...own].flatMap(({ name, keyEnvs }) => {
    const [env] = keyEnvs;
    if (env === undefined) return [];
    const found = findKey(name, keyEnvs, sources);
    return [{ name, env: found?.env ?? env, source: found?.source ?? ("none" as const) }];
  });
}

export function findKey(
  provider: string,
  envs: readonly string[],
  sources: ProviderSources,
): { readonly key: string; readonly source: "environment" | "settings"; readonly env: string | undefined } | undefined {
  for (const env of envs) {
    const key = sources.env?.[env]?.trim();
    if (key) return { key, source: "environment", env };
  }
  const kept = sources.keys?.[provider]?.trim();
  if (kept) return { key: kept, source: "settings", env: envs[0] };
  return undefined;
}
