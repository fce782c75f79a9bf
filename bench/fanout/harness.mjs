/**
 * A bench server is a child process that is told what to do and measures itself: CPU seconds, memory, tokens produced.
 * `serveBench(setup)` runs in the child; `startServer(file, load)` in the bench.
 */
import { fork } from "node:child_process";
import { readCorpus } from "../lib/corpus.mjs";

export function serveBench(setup) {
  const given = JSON.parse(process.argv[2]);
  const load = { ...given, corpus: readCorpus(given.root) };
  const ready = setup(load);
  let cpu;
  let at;
  process.on("message", async (message) => {
    const server = await ready;
    if (message.produce !== undefined) server.produce(message.produce);
    if (message === "mark") {
      cpu = process.cpuUsage();
      at = performance.now();
      process.send({ marked: true, produced: server.produced() });
    }
    if (message === "measure") {
      const used = process.cpuUsage(cpu);
      const seconds = (performance.now() - at) / 1000;
      process.send({
        cores: (used.user + used.system) / 1e6 / seconds,
        seconds,
        rss_mib: process.memoryUsage().rss / 2 ** 20,
        produced: server.produced(),
        ...server.extra?.(),
      });
    }
    if (message === "stop") {
      server.stop();
      process.exit(0);
    }
  });
  ready.then((server) => process.send({ port: server.port, ...server.about }));
}

export async function startServer(file, load) {
  const child = fork(file, [JSON.stringify(load)], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const next = () => new Promise((resolve) => child.once("message", resolve));
  const about = await next();
  const ask = async (message) => {
    const answer = next();
    child.send(message);
    return answer;
  };
  return {
    ...about,
    produce: (start) => child.send({ produce: start }),
    mark: () => ask("mark"),
    measure: () => ask("measure"),
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", resolve);
        child.send("stop");
      }),
  };
}
