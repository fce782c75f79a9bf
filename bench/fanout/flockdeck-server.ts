/** The whole relay and server: cursors, roles, access control, MessagePack, shared compressed frames. */

import { systemClock } from "../../src/core/index.js";
import { Hub } from "../../src/relay/index.js";
import { startServer } from "../../src/server/index.js";
import { produce } from "../lib/token-source.mjs";
import { serveBench } from "./harness.mjs";

serveBench(
  async ({ streams, rate, start, viewers }: { streams: number; rate: number; start: number; viewers: number }) => {
    const handleCommand = async () => ({ ok: true });
    const hub = new Hub({
      clock: systemClock,
      describe: () => ({ server: "bench", runtime_mode: "api", agents: [], artifact_types: {} }),
      onCommand: handleCommand,
    });
    const server = await startServer({
      backend: { hub, runtimeMode: "api", agents: [], handleCommand },
      host: "127.0.0.1",
      port: 0,
      dashboard: false,
      version: "bench",
      maxViewers: Math.max(64, viewers + 8),
    });
    for (let index = 0; index < streams; index += 1) {
      hub.emit({
        type: "stream_started",
        stream_id: `s${index}`,
        agent_name: `agent-${index}`,
        run_id: `r${index}`,
        correlation_id: "c",
        attempt: 1,
        artifact_type: "Text",
        model: "bench",
        consumed_artifacts: [],
        started_at: Date.now(),
      });
    }
    let source: ReturnType<typeof produce> | undefined;
    return {
      port: server.port,
      about: { token: server.watchToken },
      produce() {
        source = produce({
          streams,
          rate,
          start,
          onToken: (index: number, text: string) => hub.append(`s${index}`, text),
        });
      },
      stop: () => source?.stop(),
      produced: () => source?.produced() ?? 0,
      extra: () => ({ counters: hub.counters }),
    };
  },
);
