import type { Provider } from "./keys.js";

/** Providers whose key can be kept in the settings, with the environment variables that engines read. */
export const providers: readonly Provider[] = [
  { name: "openai", env: "OPENAI_API_KEY" },
  { name: "anthropic", env: "ANTHROPIC_API_KEY" },
  { name: "google", env: "GOOGLE_GENERATIVE_AI_API_KEY" },
];
