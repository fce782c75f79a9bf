/** The built app in a window of its own, with settings of its own, and no key of whoever runs the tests. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { _electron, test as base, type ElectronApplication, errors, type Locator, type Page } from "@playwright/test";
import { resolveElectron } from "../scripts/electron.mjs";
import { machineArgs } from "../scripts/lib/electron-args.mjs";

export interface Desktop {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** What the page wrote to its console as errors, and what it threw. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

export interface LaunchOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Keep the settings of an earlier launch. */
  readonly userData?: string;
  /** Another app than ours. */
  readonly appFolder?: string;
}

/** The environment without keys, and without whatever would change the app's behaviour. */
function cleanEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !/_API_KEY$|^FLOCKDECK_|^ELECTRON_/.test(entry[0]),
  );
  return { ...Object.fromEntries(entries), FLOCKDECK_HISTORY: "off" };
}

/** Longer than any start takes, even on a busy machine. */
const ATTACH_LIMIT_MS = 15_000;
const ATTEMPTS = 3;

/**
 * Launches an Electron under Playwright and waits for its window. Playwright attaches while the app starts, and now and
 * then, on a busy machine, never notices that it has: then the launch is tried again.
 */
export async function launchElectron(
  executablePath: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ app: ElectronApplication; page: Page }> {
  const options = { executablePath, args: [...machineArgs(), ...args], env: { ...cleanEnvironment(), ...env } };
  for (let attempt = 1; ; attempt += 1) {
    let app: ElectronApplication | undefined;
    try {
      app = await _electron.launch({ ...options, timeout: ATTACH_LIMIT_MS });
      return { app, page: await app.firstWindow({ timeout: ATTACH_LIMIT_MS }) };
    } catch (error) {
      app?.process().kill("SIGKILL");
      if (!(error instanceof errors.TimeoutError) || attempt === ATTEMPTS) throw error;
      process.stdout.write(`Playwright did not attach within ${ATTACH_LIMIT_MS / 1000} s; trying again\n`);
    }
  }
}

export async function launchDesktop(options: LaunchOptions = {}): Promise<Desktop> {
  const runtime = await resolveElectron(options.appFolder);
  const userData = options.userData ?? (await mkdtemp(join(tmpdir(), "flockdeck-e2e-")));
  const args = [`--user-data-dir=${userData}`, ...runtime.appArgs, ...(options.args ?? [])];
  const { app, page } = await launchElectron(runtime.executable, args, options.env);
  const exited = new Promise<void>((resolve) => app.process().once("exit", () => resolve()));
  const faults: string[] = [];
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(error.stack ?? String(error)));
  return {
    app,
    page,
    faults,
    close: async () => {
      // A window is gone before its process is, which holds the lock on its settings until then.
      await app.close();
      await exited;
      if (options.userData === undefined) await rm(userData, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** `launch` closes what it launched when the test ends. */
export const test = base.extend<{ launch: (options?: LaunchOptions) => Promise<Desktop> }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that are needed from this very pattern.
  launch: async ({}, use, info) => {
    const launched: Desktop[] = [];
    await use(async (options) => {
      const desktop = await launchDesktop(options);
      launched.push(desktop);
      return desktop;
    });
    const faults = launched.flatMap((desktop) => desktop.faults);
    if (info.status !== info.expectedStatus && faults.length > 0) process.stdout.write(`${faults.join("\n")}\n`);
    for (const desktop of launched) await desktop.close().catch(() => undefined);
  },
});

export { expect } from "@playwright/test";

/** Publishes the sample as it is. */
export async function publishSample(page: Page): Promise<void> {
  await page.getByTestId("publish-button").click();
  await page.getByTestId("publish-submit").click();
}

export function tiles(page: Page, state?: string): Locator {
  return page.locator(`[data-testid="stream-tile"]${state === undefined ? "" : `[data-state="${state}"]`}`);
}

export function tileOf(page: Page, agent: string): Locator {
  return page.locator(`[data-testid="stream-tile"][data-agent="${agent}"]`).first();
}

export interface TileSample {
  readonly id: string;
  readonly agent: string;
  readonly state: string;
  readonly length: number;
}

/** All tiles at one moment. */
export function sampleTiles(page: Page): Promise<TileSample[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('[data-testid="stream-tile"]')].map(({ dataset }) => ({
      id: dataset.streamId ?? "",
      agent: dataset.agent ?? "",
      state: dataset.state ?? "",
      length: Number(dataset.length),
    })),
  );
}

export const flockFile = (name: string) => join(import.meta.dirname, "flocks", name);
