import type { DesktopState } from "../protocol/index.js";
import type { Example } from "./examples.js";
import type { FlockSession } from "./flock-session.js";
import type { KeyStore } from "./keys.js";
import { describeProviders, type Runtime } from "./running-flock.js";
import type { SettingsStore } from "./settings.js";

export interface DesktopParts {
  readonly session: Pick<FlockSession<Runtime>, "current" | "rejected">;
  readonly settings: SettingsStore;
  readonly keys: KeyStore;
  readonly remote: DesktopState["remote"];
  readonly examples: readonly Example[];
  readonly history: DesktopState["history"];
  readonly replay: DesktopState["replay"];
}

/** Which Electron runs; the launcher knows more about where it came from. */
function runtimeLine(): string {
  return process.env.FLOCKDECK_RUNTIME ?? `Electron ${process.versions.electron ?? "of unknown version"}`;
}

/** Everything that the window shows beside the flock itself. */
export function desktopState(parts: DesktopParts): DesktopState {
  const { current, rejected } = parts.session;
  const { recent, notifications } = parts.settings.current;
  return {
    type: "desktop_state",
    platform: process.platform,
    runtime: runtimeLine(),
    flock: current === undefined ? null : { name: current.runtime.name, path: current.path },
    rejected: rejected === undefined ? null : { path: rejected.path, faults: [...rejected.faults] },
    recent: [...recent],
    examples: parts.examples.map((example) => ({ ...example })),
    providers: [...(current?.runtime.providers() ?? describeProviders({ env: process.env, keys: parts.keys.keys }))],
    keychain: parts.keys.availability(),
    remote: parts.remote,
    notifications,
    history: parts.history,
    replay: parts.replay,
  };
}
