/** What an orchestrator runs for. Decided once, when the flock starts; nothing that arrives from outside changes it. */
export const RuntimeMode = {
  /** A script with a terminal: at most one stream is live. */
  CLI: "cli",
  /** The window and browsers: every stream is live. */
  DASHBOARD: "dashboard",
  /** A service without a user interface: every stream is live. */
  API: "api",
  /** Deterministic: no terminal, no network. */
  TEST: "test",
} as const;

export type RuntimeMode = (typeof RuntimeMode)[keyof typeof RuntimeMode];
