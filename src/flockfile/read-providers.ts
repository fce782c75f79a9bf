import type { ProviderDefinition } from "./definition.js";
import { BUILT_IN_PROVIDERS } from "./model-name.js";
import type { Field, Source } from "./source.js";
import { didYouMean } from "./suggest.js";

const EXAMPLE = "For example local: { type: openai-compatible, base_url: http://127.0.0.1:11434/v1 }.";

/** `providers:` → endpoints by name. A name whose value is faulty stays known, so that models may use it. */
export function readProviders(
  source: Source,
  field: Field | undefined,
): { readonly names: string[]; readonly providers: Record<string, ProviderDefinition> } {
  const names: string[] = [];
  const providers: Record<string, ProviderDefinition> = {};
  if (field === undefined) return { names, providers };
  for (const entry of source.entries(field, "providers", EXAMPLE) ?? []) {
    if (!/^[A-Za-z][\w-]*$/.test(entry.key)) {
      source.faults.error(entry.keyNode, `"${entry.key}" cannot name a provider.`, "Use letters, digits, _ and -.");
      continue;
    }
    if (BUILT_IN_PROVIDERS.includes(entry.key)) {
      source.faults.error(entry.keyNode, `"${entry.key}" is a built-in provider.`, "Choose another name.");
      continue;
    }
    names.push(entry.key);
    const provider = readProvider(source, entry);
    if (provider !== undefined) providers[entry.key] = provider;
  }
  return { names, providers };
}

/** `provider_limits:` → model calls at once, by provider. */
export function readProviderLimits(
  source: Source,
  field: Field | undefined,
  ownProviders: readonly string[],
): Record<string, number> {
  const limits: Record<string, number> = {};
  if (field === undefined) return limits;
  const known = [...BUILT_IN_PROVIDERS, ...ownProviders];
  for (const entry of source.entries(field, "provider_limits", "For example { openai: 4 }.") ?? []) {
    const calls = source.integer(entry, `provider_limits.${entry.key}`, 1);
    if (!known.includes(entry.key))
      source.faults.error(entry.keyNode, `There is no provider "${entry.key}".`, didYouMean(entry.key, known));
    else if (calls !== undefined) limits[entry.key] = calls;
  }
  return limits;
}

function readProvider(source: Source, entry: Field): ProviderDefinition | undefined {
  const what = `Provider ${entry.key}`;
  const fields = source.fields(entry, what, ["type", "base_url", "api_key_env", "headers"], {
    api_key: "A flock file holds no keys: name the environment variable in api_key_env.",
  });
  if (fields === undefined) return undefined;
  const type = fields.type ? source.oneOf(fields.type, "type", ["openai-compatible"] as const) : "openai-compatible";
  if (fields.base_url === undefined) source.faults.error(entry.keyNode, `${what} needs a base_url.`, EXAMPLE);
  const baseUrl = readUrl(source, fields.base_url, "base_url", EXAMPLE);
  const apiKeyEnv = source.text(fields.api_key_env, "api_key_env", "Write the name of an environment variable.");
  if (apiKeyEnv !== undefined && !/^[A-Za-z_]\w*$/.test(apiKeyEnv)) {
    source.faults.error(
      fields.api_key_env?.place,
      "api_key_env must name an environment variable.",
      "For example LOCAL_KEY; the key itself stays out of the file.",
    );
  }
  const headers = readTexts(source, fields.headers, "headers");
  if (type === undefined || baseUrl === undefined) return undefined;
  return { type, baseUrl, ...(apiKeyEnv && { apiKeyEnv }), ...(headers && { headers }) };
}

/** An http or https address. */
export function readUrl(source: Source, field: Field | undefined, what: string, hint: string): string | undefined {
  const text = source.text(field, what, hint);
  if (text === undefined) return undefined;
  try {
    const url = new URL(text);
    if (url.protocol === "http:" || url.protocol === "https:") return text;
  } catch {
    // Told below, as for any other scheme.
  }
  source.faults.error(field?.place, `${what} must be an http or https address, not "${text}".`, hint);
  return undefined;
}

/** A map of texts. */
export function readTexts(source: Source, field: Field | undefined, what: string): Record<string, string> | undefined {
  if (field === undefined) return undefined;
  const texts: Record<string, string> = {};
  for (const entry of source.entries(field, what, "Write NAME: VALUE.") ?? []) {
    const value = source.text(entry, `${what}.${entry.key}`);
    if (value !== undefined) texts[entry.key] = value;
  }
  return texts;
}
