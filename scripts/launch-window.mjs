/** Opens the window, or, where no Electron can be had, the same dashboard in the system's browser. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { resolveElectron } from "./electron.mjs";
import { hasDisplay, startXvfb } from "./lib/display.mjs";
import { machineArgs } from "./lib/electron-args.mjs";
import { ensureBuilt } from "./lib/ensure-built.mjs";
import { root } from "./lib/paths.mjs";
import { SetupError } from "./lib/run.mjs";
import { say } from "./lib/say.mjs";
import { ensureWindowPackages } from "./lib/system-packages.mjs";

/** Chromium's own complaints about a machine without a GPU, a session bus or a keyring: noise to whoever started us. */
const chromiumNoise = /^\[\d+:\d+\/\d+\.\d+:(ERROR|WARNING|INFO|VERBOSE\d)/;

function relayErrors(stream) {
  createInterface({ input: stream }).on("line", (line) => {
    if (process.env.FLOCKDECK_VERBOSE || !chromiumNoise.test(line)) process.stderr.write(`${line}\n`);
  });
}

/** Runs a child to its end, passing on the signals that we get. */
function follow(child) {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(signal === "SIGINT" ? 130 : (code ?? 1)));
  });
}

async function openWindow(runtime, args) {
  const needsXvfb = !hasDisplay();
  await ensureWindowPackages(runtime.executable, needsXvfb);
  say(`Using ${runtime.line}${needsXvfb ? ", on a display in memory (Xvfb), because there is no screen" : ""}`);
  const xvfb = needsXvfb ? await startXvfb({ forOneProgram: true }) : undefined;
  const env = { ...process.env, FLOCKDECK_RUNTIME: runtime.line };
  delete env.ELECTRON_RUN_AS_NODE;
  if (xvfb) env.DISPLAY = xvfb.display;
  const child = spawn(runtime.executable, [...machineArgs(), ...runtime.appArgs, ...args], {
    env,
    stdio: ["inherit", "inherit", "pipe"],
  });
  relayErrors(child.stderr);
  try {
    return await follow(child);
  } finally {
    xvfb?.stop();
  }
}

function openInBrowser(link) {
  const [command, ...args] = { darwin: ["open", link], win32: ["cmd", "/c", "start", "", link] }[process.platform] ?? [
    "xdg-open",
    link,
  ];
  spawn(command, args, { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}

async function openDashboard(file) {
  await ensureBuilt(["cli", "desktop"]);
  const cli = join(root, "bin", "flockdeck.js");
  const child = spawn(
    process.execPath,
    [cli, "--serve", file, "--dashboard", "--port", "0", "--json", "--log-level", "warn"],
    {
      stdio: ["inherit", "pipe", "inherit"],
    },
  );
  let opened = false;
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (opened) return;
    const { url, control_token: token } = JSON.parse(line);
    const link = `${url.replace(/\/$/, "")}/#token=${token}`;
    opened = true;
    say(`Opening the dashboard in your browser: ${link}`);
    openInBrowser(link);
  });
  return follow(child);
}

const exampleFile = join(root, "resources", "flocks", "newsroom.yaml");

/**
 * @param {readonly string[]} args the command line, already checked
 * @param {string | undefined} file the flock file among them
 * @returns {Promise<number>} the exit code
 */
export async function launchWindow(args, file) {
  await ensureBuilt(["desktop"]);
  let runtime;
  try {
    runtime = await resolveElectron();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    say("There is no window without Electron; the dashboard opens in the browser instead.");
    return openDashboard(file ?? exampleFile);
  }
  return openWindow(runtime, args);
}
