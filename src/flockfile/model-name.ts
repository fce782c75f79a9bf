import { didYouMean } from "./suggest.js";

/** Says what is wrong with a PROVIDER/MODEL name, in one sentence, or nothing if it can be used. */
export type ModelCheck = (model: string) => string | undefined;

export const BUILT_IN_PROVIDERS: readonly string[] = ["openai", "anthropic", "google", "ollama", "lmstudio", "demo"];

/** The form and the provider; what a provider offers is for `ModelCheck` to know. */
export function modelNameFault(
  model: string,
  ownProviders: readonly string[],
): { readonly message: string; readonly hint: string } | undefined {
  const slash = model.indexOf("/");
  if (slash <= 0 || slash === model.length - 1 || /\s/.test(model)) {
    return {
      message: `"${model}" is not a model name.`,
      hint: "Write PROVIDER/MODEL, for example openai/gpt-5-mini or demo/essay.",
    };
  }
  const provider = model.slice(0, slash);
  const known = [...BUILT_IN_PROVIDERS, ...ownProviders];
  if (known.includes(provider)) return undefined;
  return {
    message: `There is no provider "${provider}".`,
    hint: `${didYouMean(provider, known)} Others are added under providers:.`,
  };
}
