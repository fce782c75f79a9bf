/**
 * A bench server is a child process that is told what to do and measures itself: CPU seconds, memory, tokens produced.
 * `serveBench(setup)` runs in the child; `startServer(file, load)` in the bench.
 */
import { fork } from "node:child_process";
import { readFileSync } from "node:fs";
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
  });
  ready.then((server) => process.send({ port: server.port, ...server.about }));
}

/** How long a server is given to answer. One that has collapsed under its load hears nothing more. */
const PATIENCE_MS = 10_000;
const CLOCK_TICKS = 100;

export async function startServer(file, load) {
  const child = fork(file, [JSON.stringify(load)], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const next = () => new Promise((resolve) => child.once("message", resolve));
  const about = await next();
  const ask = (message, otherwise) => {
    const answer = next();
    child.send(message);
    return Promise.race([answer, pause(PATIENCE_MS).then(otherwise)]);
  };
  let began;
  return {
    ...about,
    produce: (start) => child.send({ produce: start }),
    mark: () => {
      began = seenFromOutside(child.pid);
      return ask("mark", () => ({ produced: 0 }));
    },
    measure: () => {
      const { cpu, at, rss } = seenFromOutside(child.pid);
      const seconds = (at - began.at) / 1000;
      return ask("measure", () => ({
        cores: (cpu - began.cpu) / seconds,
        seconds,
        rss_mib: rss,
        produced: load.streams * load.rate * seconds,
      }));
    },
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", resolve);
        if (!child.kill("SIGKILL")) resolve();
      }),
  };
}

/** What Linux knows of a process: CPU seconds so far and memory in MiB. */
function seenFromOutside(pid) {
  const at = performance.now();
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
    const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
    return { at, cpu: (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS, rss };
  } catch {
    return { at, cpu: Number.NaN, rss: Number.NaN };
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
