/**
 * A bench server is a child process that is told what to do and measures itself: CPU seconds, memory, tokens produced.
 * `serveBench(setup)` runs in the child; `startServer(file, load)` in the bench.
 */
import { fork } from "node:child_process";

export function serveBench(setup) {
  const load = JSON.parse(process.argv[2]);
  const ready = setup(load);
  let cpu;
  let at;
  process.on("message", async (message) => {
    const server = await ready;
    if (message === "produce") server.produce();
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
    produce: () => child.send("produce"),
    mark: () => ask("mark"),
    measure: () => ask("measure"),
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", resolve);
        child.send("stop");
      }),
  };
}
