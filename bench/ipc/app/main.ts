/** 100 streams from the main process to one window: over the product's port and relay, or one `webContents.send` a token. */
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

/** Percent of one core used by all processes since the last call, which begins a measurement. */
function usedCores(): number {
  return (
    app
      .getAppMetrics()
      .reduce((sum, { type, cpu }) => sum + (type === "Browser" || type === "Tab" ? cpu.percentCPUUsage : 0), 0) / 100
  );
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function measure(window: BrowserWindow): Promise<void> {
  const start = Date.now() + 2_500;
  const sendToken = (index: number, text: string) =>
    window.webContents.send("token", {
      type: "stream_chunk",
      stream_id: `s${index}`,
      agent_name: `agent-${index}`,
      chunk: text,
      timestamp: Date.now(),
    });
  const onToken = load.kind === "port" ? startHub(window) : sendToken;
  await pause(500);
  await window.webContents.executeJavaScript(
    `bench.begin(${JSON.stringify({ start, streams: load.streams, rate: load.rate })})`,
  );
  usedCores();
  await pause(1_500);
  const idle = usedCores();
  await pause(start - Date.now());
  const source = produce({ streams: load.streams, rate: load.rate, start, corpus: readCorpus(load.root), onToken });
  await pause(1_000);
  await window.webContents.executeJavaScript("bench.mark()");
  usedCores();
  await pause(load.seconds * 1_000);
  const cores = usedCores();
  const seen = await window.webContents.executeJavaScript("bench.measure()");
  source.stop();
  console.log(`BENCH ${JSON.stringify({ cores: cores - idle, ...seen })}`);
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
