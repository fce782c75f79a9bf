/** One round: a server child, a viewers child, and what both measured. */
import { fork } from "node:child_process";
import path from "node:path";
import { bundle, root } from "../lib/bundle.mjs";
import { TOKEN_UNITS } from "../lib/token-source.mjs";
import { startServer } from "./harness.mjs";

const BASELINES = {
  bare: path.join(root, "bench/fanout/bare-server.mjs"),
  literal: path.join(root, "bench/fanout/literal-server.mjs"),
  socketio: path.join(root, "bench/fanout/socketio-server.mjs"),
};

let ours;
async function serverFile(kind) {
  if (kind !== "flockdeck") return BASELINES[kind];
  ours ??= bundle("bench/fanout/flockdeck-server.ts");
  return ours;
}

export async function measureLoad({ kind, viewers, streams = 100, rate = 50, seconds = 5, sampled = 2, stuck = 0 }) {
  const server = await startServer(await serverFile(kind), { root, streams, rate, viewers: viewers + stuck });
  const clients =
    viewers === 0
      ? null
      : await connectViewers({
          kind,
          port: server.port,
          token: server.token,
          viewers,
          sampled: Math.min(sampled, viewers),
          stuck,
          streams,
          rate,
        });
  const start = Date.now() + 200;
  await clients?.ask({ start });
  server.produce(start);
  await pause(1_000);
  await clients?.ask("mark");
  const before = await server.mark();
  await pause(seconds * 1_000);
  const cost = await server.measure();
  const seen = await clients?.ask("measure");
  clients?.stop();
  await server.stop();
  const tokens = seen ? seen.units / TOKEN_UNITS / Math.max(1, seen.sampled) : 0;
  return {
    cores: cost.cores,
    rss: cost.rss_mib,
    delivered: seen ? tokens / cost.seconds : Number.NaN,
    produced: (cost.produced - before.produced) / cost.seconds,
    lags: seen?.lags ?? [],
    bytes: seen && seen.counting > 0 ? seen.bytes / seen.counting / cost.seconds : Number.NaN,
    frames: seen && seen.counting > 0 ? seen.frames / seen.counting / cost.seconds : Number.NaN,
    counters: cost.counters,
  };
}

async function connectViewers(options) {
  const child = fork(path.join(root, "bench/fanout/viewers.mjs"), [JSON.stringify(options)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const next = () =>
    new Promise((resolve, reject) => {
      child.once("message", resolve);
      child.once("exit", (code) => code && reject(new Error(`the viewers ended with ${code}`)));
    });
  await next();
  return {
    ask: (message) => {
      const answer = next();
      child.send(message);
      return answer;
    },
    stop: () => child.send("stop"),
  };
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
