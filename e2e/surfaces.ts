/** The deck on both of its surfaces: the desktop window, and Chromium at a server of its own with a control link. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Browser, expect, type Page } from "@playwright/test";
import { openBrowser, VIEWPORT } from "./browsers.js";
import { test as base, flockFile, launchDesktop } from "./desktop.js";

export type SurfaceName = "window" | "Chromium";

export interface Deck {
  readonly page: Page;
  readonly surface: SurfaceName;
  /** What the page wrote to its console as errors, and what it threw. */
  readonly faults: readonly string[];
  /** The text on the clipboard. */
  clipboard(): Promise<string>;
  /** The title that the desktop or the tab shows. */
  title(): Promise<string>;
}

export interface Served {
  readonly url: string;
  readonly watch: string;
  readonly control: string;
  stop(): Promise<void>;
}

const root = join(import.meta.dirname, "..");

/** `flockdeck --serve FILE --dashboard` on a free port. */
export async function serve(file: string): Promise<Served> {
  const args = ["bin/flockdeck.js", "--serve", file, "--dashboard", "--port", "0", "--json"];
  const server = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "ignore"] });
  const ended = once(server, "exit");
  const line = await Promise.race([
    once(createInterface(server.stdout), "line").then(([first]) => String(first)),
    ended.then(([code]) => Promise.reject(new Error(`The server ended at once, with ${code}`))),
  ]);
  const { url, watch_token: watch, control_token: control } = JSON.parse(line);
  const link = (token: string) => `${new URL("/", url)}#token=${token}`;
  return {
    url,
    watch: link(watch),
    control: link(control),
    stop: async () => {
      server.kill("SIGTERM");
      await ended;
    },
  };
}

async function caughtUp(page: Page): Promise<void> {
  await page.getByTestId("flock-name").waitFor();
  await expect(page.getByText("Catching up")).toHaveCount(0);
}

interface Fixtures {
  readonly surface: SurfaceName;
  /** Opens a flock, by its path or its name in e2e/flocks, and waits until the page knows it and has caught up. */
  readonly open: (flock: string) => Promise<Deck>;
}

interface WorkerFixtures {
  readonly chromium: Browser;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  surface: ["window", { option: true }],
  chromium: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that are needed from this very pattern.
    async ({}, use) => {
      const browser = await openBrowser();
      await use(browser);
      await browser.close();
    },
    { scope: "worker" },
  ],
  open: async ({ surface, chromium }, use, info) => {
    const closings: (() => Promise<unknown>)[] = [];
    const faults: string[] = [];
    const pages: Page[] = [];
    await use(async (flock) => {
      const file = flock.includes("/") || flock.includes("\\") ? flock : flockFile(flock);
      if (surface === "window") {
        const desktop = await launchDesktop({ args: [file] });
        closings.push(() => desktop.close());
        const { app, page } = desktop;
        pages.push(page);
        await caughtUp(page);
        return {
          page,
          surface,
          faults: desktop.faults,
          clipboard: () => app.evaluate(({ clipboard }) => clipboard.readText()),
          title: () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle() ?? ""),
        };
      }
      const server = await serve(file);
      const context = await chromium.newContext({
        viewport: VIEWPORT,
        permissions: ["clipboard-read", "clipboard-write"],
      });
      closings.push(
        () => context.close(),
        () => server.stop(),
      );
      const page = await context.newPage();
      pages.push(page);
      page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
      page.on("pageerror", (error) => faults.push(error.stack ?? String(error)));
      await page.goto(server.control);
      await caughtUp(page);
      return {
        page,
        surface,
        faults,
        clipboard: () => page.evaluate(() => navigator.clipboard.readText()),
        title: () => page.title(),
      };
    });
    if (info.status !== info.expectedStatus) {
      for (const page of pages)
        await page.screenshot({ path: info.outputPath("at-the-end.png") }).catch(() => undefined);
      if (faults.length > 0) process.stdout.write(`${faults.join("\n")}\n`);
    }
    for (const close of closings) await close().catch(() => undefined);
  },
});

/** Registers the same tests for the window and for Chromium. */
export function onBothSurfaces(register: () => void): void {
  for (const surface of ["window", "Chromium"] as const) {
    test.describe(surface, () => {
      test.use({ surface });
      register();
    });
  }
}

export { expect } from "@playwright/test";
