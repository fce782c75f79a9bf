/** 100 streams from the main process to one window: over the product's port and relay, or one `webContents.send` a token. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { app, BrowserWindow, ipcMain, MessageChannelMain } from "electron";
import { systemClock } from "../../../src/core/index.js";
import { IpcConnection } from "../../../src/main/ipc-transport.js";
import { Hub } from "../../../src/relay/index.js";
import { readCorpus } from "../../lib/corpus.mjs";
import { produce } from "../../lib/token-source.mjs";

const load = JSON.parse(process.env.FLOCKDECK_BENCH_LOAD ?? "{}") as {
  kind: "port" | "send";
  streams: number;
  rate: number;
  /** Until the engine has compiled what runs often. */
  warmUpSeconds: number;
  seconds: number;
  root: string;
};
const folder = path.join(__dirname);

function startHub(window: BrowserWindow): (index: number, text: string) => void {
  const hub = new Hub({
    clock: systemClock,
    describe: () => ({ server: "bench", runtime_mode: "dashboard", agents: [], artifact_types: {} }),
  });
  for (let index = 0; index < load.streams; index += 1) {
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
  const { port1, port2 } = new MessageChannelMain();
  const connection = new IpcConnection(port1, {
    onAttach: () => {},
    onRequest: async () => ({ ok: true }),
    onClose: () => {},
  });
  connection.watch(hub);
  window.webContents.postMessage("flockdeck:port", null, [port2]);
  return (index, text) => hub.append(`s${index}`, text);
}

/** Milliseconds of processor time that a process's threads have had so far. Linux counts them in nanoseconds. */
function threadTime(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce(
    (sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]) / 1e6,
    0,
  );
}

/** The main process and the page, by the clock of the system, or where it has none by Electron's of 10 ms. */
function cpuMeter(): { begin(): void; cores(): number } {
  const processes = () => app.getAppMetrics().filter(({ type }) => type === "Browser" || type === "Tab");
  let since = { at: 0, ms: 0 };
  if (process.platform !== "linux")
    return {
      begin: () => void processes(),
      cores: () => processes().reduce((sum, { cpu }) => sum + cpu.percentCPUUsage, 0) / 100,
    };
  const pids = processes().map(({ pid }) => pid);
  const read = () => ({ at: performance.now(), ms: pids.reduce((sum, pid) => sum + threadTime(pid), 0) });
  return {
    begin: () => {
      since = read();
    },
    cores: () => {
      const now = read();
      return (now.ms - since.ms) / (now.at - since.at);
    },
  };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function measure(window: BrowserWindow): Promise<void> {
  const corpus = readCorpus(load.root);
  const sendToken = (index: number, text: string) =>
    window.webContents.send("token", {
      type: "stream_chunk",
      stream_id: `s${index}`,
      agent_name: `agent-${index}`,
      chunk: text,
      timestamp: Date.now(),
    });
  let onToken = load.kind === "port" ? startHub(window) : sendToken;
  const cpu = cpuMeter();
  await pause(500);
  const start = Date.now() + 500;
  await window.webContents.executeJavaScript(
    `bench.begin(${JSON.stringify({ start, streams: load.streams, rate: load.rate })})`,
  );
  await pause(start - Date.now());
  const source = produce({ ...load, start, corpus, onToken: (index: number, text: string) => onToken(index, text) });
  await pause(load.warmUpSeconds * 1_000);
  await window.webContents.executeJavaScript("bench.mark()");
  cpu.begin();
  await pause(load.seconds * 1_000);
  const cores = cpu.cores();
  const seen = await window.webContents.executeJavaScript("bench.measure()");
  // The same timers and slices with nobody to receive them, and nothing kept.
  onToken = () => {};
  await pause(500);
  cpu.begin();
  await pause(load.seconds * 1_000);
  const idle = cpu.cores();
  source.stop();
  console.log(`BENCH ${JSON.stringify({ cores, idle, ...seen })}`);
  app.exit(0);
}

app.commandLine.appendSwitch("disable-renderer-backgrounding");
app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: 800,
    height: 600,
    webPreferences: { sandbox: true, preload: path.join(folder, "preload.cjs"), backgroundThrottling: false },
  });
  ipcMain.once("page:ready", () => void measure(window));
  void window.loadFile(path.join(folder, "index.html"));
});
