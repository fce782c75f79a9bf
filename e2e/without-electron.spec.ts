import { spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { resolveElectron } from "../scripts/electron.mjs";
import { openBrowser, openLink } from "./browsers.js";
import { expect, flockFile, publishSample, test, tiles } from "./desktop.js";

const root = join(import.meta.dirname, "..");

test.skip(process.platform !== "linux", "stands in for the system's way to open a link, which is xdg-open on Linux");

test("where no Electron can be had, the same dashboard opens in the system's browser", async () => {
  test.skip((await resolveElectron()).official, "the official Electron is there, and cannot be taken away");
  const folder = await mkdtemp(join(tmpdir(), "flockdeck-without-"));
  const programs = join(folder, "programs");
  const opened = join(folder, "opened");
  await mkdir(programs, { recursive: true });
  await writeFile(join(programs, "xdg-open"), `#!/bin/sh\nprintf %s "$1" > '${opened}'\n`);
  await chmod(join(programs, "xdg-open"), 0o755);
  const launcher = spawn(process.execPath, ["bin/flockdeck.js", flockFile("echo.yaml")], {
    cwd: root,
    env: {
      ...process.env,
      PATH: [programs, process.env.PATH].join(delimiter),
      // An empty cache, and nobody to fill it.
      XDG_CACHE_HOME: join(folder, "cache"),
      npm_config_registry: "http://127.0.0.1:9/",
      npm_config_fetch_retries: "0",
    },
  });
  let told = "";
  launcher.stderr.on("data", (chunk) => {
    told += chunk;
  });
  const ended = new Promise((resolve) => launcher.once("exit", resolve));
  try {
    await expect.poll(() => readFile(opened, "utf8").catch(() => ""), { timeout: 60_000 }).toContain("#token=");
    expect(told).toContain("the dashboard opens in the browser instead");
    const browser = await openBrowser();
    const page = await openLink(browser, await readFile(opened, "utf8"));
    await expect(page.getByTestId("flock-name")).toHaveText(/Echo/);
    await publishSample(page);
    await expect(tiles(page, "done")).toHaveCount(1);
    await browser.close();
  } finally {
    launcher.kill("SIGTERM");
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
});
