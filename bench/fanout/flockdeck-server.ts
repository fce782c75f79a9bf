/** The whole relay and server: cursors, roles, access control, MessagePack, shared compressed frames. */

import { createIds } from "../../src/core/ids.js";
import { systemClock } from "../../src/core/index.js";
import { Hub } from "../../src/relay/index.js";
import { startServer } from "../../src/server/index.js";
import { produce } from "../lib/token-source.mjs";
import { serveBench } from "./harness.mjs";

interface Load {
  readonly streams: number;
  readonly rate: number;
  readonly viewers: number;
  readonly corpus: string;
}

serveBench(async ({ streams, rate, viewers, corpus }: Load) => {
  const ids = createIds();
  const streamIds = Array.from({ length: streams }, ids);
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
  for (const [index, id] of streamIds.entries()) {
    hub.emit({
      type: "stream_started",
      stream_id: id,
      agent_name: `agent-${index}`,
      run_id: ids(),
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
    produce(start: number) {
      source = produce({
        streams,
        rate,
        start,
        corpus,
        onToken: (index: number, text: string) => hub.append(streamIds[index] ?? "", text),
      });
    },
    produced: () => source?.produced() ?? 0,
    extra: () => ({ counters: hub.counters }),
  };
});
