import type { DesktopState } from "../../protocol/desktop.js";

export function fakeDesktopState(name: string, patch: Partial<DesktopState> = {}): DesktopState {
  return {
    type: "desktop_state",
    platform: "linux",
    runtime: "Electron 25.1.1 (fallback; the product targets 45)",
    flock: { name, path: "resources/flocks/newsroom.yaml" },
    rejected: null,
    recent: ["/home/ada/flocks/review.yaml", "/home/ada/flocks/translate.yaml"],
    examples: [
      {
        name: "Newsroom",
        path: "newsroom.yaml",
        description: "Eight reporters, an editor, a fact checker and a publisher",
      },
      { name: "Model comparison", path: "compare.yaml", description: "One prompt over several models" },
      { name: "Wide flock", path: "wide.yaml", description: "64 agents on one artifact" },
    ],
    providers: [
      { name: "openai", env: "OPENAI_API_KEY", source: "none" },
      { name: "anthropic", env: "ANTHROPIC_API_KEY", source: "environment" },
      { name: "google", env: "GOOGLE_GENERATIVE_AI_API_KEY", source: "none" },
    ],
    keychain: { available: false, reason: "No system keyring answers on this machine." },
    remote: {
      running: true,
      host: "127.0.0.1",
      port: 8344,
      interfaces: [
        { name: "This machine only", address: "127.0.0.1" },
        { name: "eth0", address: "192.168.1.20" },
      ],
      watch_link: "http://127.0.0.1:8344/#token=w4tch000000000000000000000000000000000000000",
      control_link: "http://127.0.0.1:8344/#token=c0ntr0l00000000000000000000000000000000000",
      warning: null,
      viewers: [
        {
          id: "v1",
          role: "watch",
          carrier: "websocket",
          address: "192.168.1.31",
          connected_at: Date.now() - 64_000,
          lag_chars: 0,
        },
        {
          id: "v2",
          role: "control",
          carrier: "websocket",
          address: "192.168.1.44",
          connected_at: Date.now() - 412_000,
          lag_chars: 18_250,
        },
      ],
    },
    notifications: false,
    history: { folder: "/home/ada/.local/share/flockdeck/history", enabled: true, recording: true, fault: null },
    replay: null,
    ...patch,
  };
}
