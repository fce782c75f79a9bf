import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import react from "@vitejs/plugin-react";
import { chromium } from "playwright";
import { build, preview } from "vite";
import { installBaselines } from "../lib/baselines.mjs";
import { check, printChecks, printTable } from "../lib/report.mjs";
import { median, round } from "../lib/stats.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../..");
const baselines = path.join(root, "bench/baselines/node_modules");
export const outDir = path.join(root, "out/bench/deck");

/** A tile at comfortable density, in px. */
const TILE = { width: 356, height: 237 };
/** The toolbar, the header and the strip above and below the tiles, in px. */
const FRAME = 124;
/** In which so many tiles are all in sight. */
const viewport = (columns, rows) => ({ width: columns * TILE.width, height: rows * TILE.height + FRAME });
const WALL = { width: 1440, height: 900 };

/** The scene with most text. */
const HEAVY = "100 × 30 KB";

const SCENES = {
  16: { count: 16, viewport: viewport(4, 4), prefill: 20_000 },
  64: { count: 64, viewport: viewport(8, 8) },
  [HEAVY]: { count: 100, viewport: viewport(10, 10), prefill: 30_000 },
  "100 wall": { count: 100, viewport: WALL, density: "wall" },
  "12 of 100": { count: 100, seen: 12, viewport: viewport(4, 3) },
  hidden: { count: 100, seen: 12, viewport: viewport(4, 3), hidden: true },
};

/** Where the browser's own cost is measured beside ours. */
const FLOOR_SCENES = ["16", "64", HEAVY];

/**
 * A deck of streams of 50 tokens a second each, in Chromium without a GPU: how many updates a second a tile gets, what
 * they cost the main thread, frames a second, the longest task.
 * @param {{ quick?: boolean, only?: readonly string[] }} options
 */
export async function run({ quick = false, only } = {}) {
  if (!quick) installBaselines();
  const compared = existsSync(path.join(baselines, "streamdown"));
  await buildPage(compared);
  const server = await preview({
    root: here,
    build: { outDir },
    preview: { port: 0, host: "127.0.0.1" },
    logLevel: "error",
  });
  const url = server.resolvedUrls?.local[0];
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--enable-precise-memory-info"],
  });
  const cases = casesOf({ quick, compared }).filter(({ scene }) => only === undefined || only.includes(scene));
  const samples = cases.map(() => []);
  const returns = [];
  try {
    for (let repeat = 0; repeat < (quick ? 1 : 5); repeat += 1) {
      for (const [index, each] of cases.entries()) {
        samples[index].push(await sample(browser, url, each, quick ? 2_500 : 5_000));
      }
      if (cases.some(({ scene }) => scene === HEAVY)) returns.push(await comeBack(browser, url));
    }
  } finally {
    await browser.close();
    await server.close();
  }
  return report(
    cases.map((each, index) => ({ ...each, ...medians(samples[index]) })),
    returns.length === 0 ? undefined : medians(returns),
  );
}

function casesOf({ quick, compared }) {
  const scenes = quick ? ["16", "100 wall", "12 of 100"] : Object.keys(SCENES);
  const ours = [
    ...scenes.map((scene) => ({ variant: "flockdeck", scene })),
    ...scenes.filter((scene) => FLOOR_SCENES.includes(scene)).map((scene) => ({ variant: "floor", scene })),
  ];
  if (!compared) return ours;
  const others = quick ? ["16"] : ["16", HEAVY];
  return [
    ...ours,
    ...others.flatMap((scene) => [
      { variant: "streamdown", scene },
      { variant: "react-markdown", scene },
    ]),
  ];
}

export async function buildPage(compared) {
  const missing = path.join(here, "page/no-baseline.tsx");
  await build({
    root: path.join(here, "page"),
    configFile: false,
    logLevel: "error",
    base: "./",
    plugins: [react()],
    define: { "process.env.NODE_ENV": '"production"' },
    resolve: {
      alias: { streamdown: compared ? path.join(baselines, "streamdown") : missing },
      dedupe: ["react", "react-dom"],
    },
    build: {
      outDir,
      emptyOutDir: true,
      target: "es2022",
      chunkSizeWarningLimit: 1e5,
      rolldownOptions: { external: ["mermaid", "katex"] },
    },
  });
}

async function sample(browser, url, { variant, scene }, ms) {
  const { count, seen = count, viewport, prefill = 0, density = "comfortable", hidden = false } = SCENES[scene];
  const context = await browser.newContext({ viewport, colorScheme: "dark" });
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error));
  try {
    const query = new URLSearchParams({ variant, count, prefill, density });
    await page.goto(`${url}?${query}`);
    await page.waitForFunction(() => window.bench !== undefined, undefined, { timeout: 120_000 });
    await page.waitForFunction(() => window.bench.isDrawn(), undefined, { timeout: 120_000 });
    if (hidden) await hide(page);
    const client = await context.newCDPSession(page);
    await client.send("Performance.enable", { timeDomain: "threadTicks" });
    // Not a wait for anything: the tiles fill and their rates settle, so that what is measured is steady.
    await page.waitForTimeout(prefill > 0 ? 4_000 : 2_500);
    const inSight = await page.evaluate(() => window.bench.inSight());
    if (inSight !== seen) throw new Error(`${variant}, ${scene}: ${inSight} tiles are in sight in place of ${seen}`);
    await page.evaluate(() => window.bench.reset());
    const before = await taskSeconds(client);
    // The span that is measured.
    await page.waitForTimeout(ms);
    const measured = await page.evaluate(() => window.bench.read());
    const busy = (await taskSeconds(client)) - before;
    const fps = hidden ? 0 : await framesPerSecond(page, ms / 2);
    if (errors.length > 0) throw errors[0];
    return {
      perTile: measured.updates / measured.seconds / Math.max(measured.tiles, seen),
      busy: busy / measured.seconds,
      perBusySecond: measured.updates / Math.max(busy, 1e-3),
      fps,
      longest: measured.longestTask,
      heap: measured.heapMegabytes,
    };
  } finally {
    await context.close();
  }
}

/** In a span of its own, since counting them has the page draw more of them. */
async function framesPerSecond(page, ms) {
  await page.evaluate(() => {
    window.bench.reset();
    window.bench.countFrames();
  });
  await page.waitForTimeout(ms);
  const { frames, seconds } = await page.evaluate(() => window.bench.read());
  return frames / seconds;
}

/** Goes to the board and back: what holds the page up, and when the first tile and the last have their texts. */
async function comeBack(browser, url) {
  const { count, viewport, prefill } = SCENES[HEAVY];
  const context = await browser.newContext({ viewport, colorScheme: "dark" });
  const page = await context.newPage();
  try {
    await page.goto(`${url}?${new URLSearchParams({ count, prefill })}`);
    await page.waitForFunction(() => window.bench?.isDrawn(), undefined, { timeout: 120_000 });
    await page.keyboard.press("4");
    await page.waitForFunction(() => document.querySelector("article") === null);
    await page.evaluate(() => {
      window.bench.reset();
      window.texts = [];
      const since = performance.now();
      const look = () => {
        window.texts.push({ ms: performance.now() - since, texts: document.querySelectorAll(".stream-view").length });
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    await page.keyboard.press("1");
    await page.waitForFunction((all) => window.texts.at(-1)?.texts === all, count, { timeout: 120_000 });
    return await page.evaluate((all) => {
      const at = (texts) => window.texts.find((each) => each.texts >= texts)?.ms;
      return { longest: window.bench.read().longestTask, first: at(1), all: at(all) };
    }, count);
  } finally {
    await context.close();
  }
}

/** A headless page is never hidden: this tells it that it is. */
async function hide(page) {
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { value: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
}

async function taskSeconds(client) {
  const { metrics } = await client.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN;
}

function medians(samples) {
  return Object.fromEntries(Object.keys(samples[0]).map((key) => [key, median(samples.map((each) => each[key]))]));
}

function report(results, back) {
  const of = (variant, scene) => results.find((each) => each.variant === variant && each.scene === scene);
  const rows = results.map((each) => ({
    deck: each.variant,
    tiles: each.scene,
    "updates/s a tile": round(each.perTile, 1),
    "busy %": round(each.busy * 100, 1),
    "updates per busy s": Math.round(each.perBusySecond),
    fps: round(each.fps, 1),
    "longest task ms": Math.round(each.longest),
    "heap MB": Math.round(each.heap),
  }));
  const checks = [];
  const add = (name, result, value, bound, options) => {
    if (result !== undefined) checks.push(check(name, value(result), bound, options));
  };
  const atLeast = { atLeast: true };
  add("16 tiles: busy", of("flockdeck", "16"), ({ busy }) => busy, 0.3);
  add("64 tiles: updates/s", of("flockdeck", "64"), ({ perTile }) => perTile, 19.5, atLeast);
  add("64 tiles: fps", of("flockdeck", "64"), ({ fps }) => fps, 50, atLeast);
  add("100 tiles of 30 KB: updates/s", of("flockdeck", HEAVY), ({ perTile }) => perTile, 8, atLeast);
  add("100 tiles of 30 KB: longest task ms", of("flockdeck", HEAVY), ({ longest }) => longest, 50);
  add("100 on the wall: updates/s", of("flockdeck", "100 wall"), ({ perTile }) => perTile, 19.5, atLeast);
  add("100 on the wall: busy", of("flockdeck", "100 wall"), ({ busy }) => busy, 0.5);
  add("12 of 100 on screen: busy", of("flockdeck", "12 of 100"), ({ busy }) => busy, 0.35);
  add("hidden: busy", of("flockdeck", "hidden"), ({ busy }) => busy, 0.03);
  if (back !== undefined) {
    rows.push({
      deck: "flockdeck",
      tiles: `${HEAVY}, from the board`,
      "longest task ms": Math.round(back.longest),
      "first text ms": Math.round(back.first),
      "all texts ms": Math.round(back.all),
    });
    add("100 tiles of 30 KB come back: longest task ms", back, ({ longest }) => longest, 150);
  }
  for (const [scene, streamdown, whole, key] of [
    ["16", 5, 20, "perBusySecond"],
    [HEAVY, 10, 90, "perTile"],
  ]) {
    const ours = of("flockdeck", scene);
    if (ours === undefined) continue;
    add(`${scene}: over streamdown`, of("streamdown", scene), (other) => ours[key] / other[key], streamdown, atLeast);
    add(
      `${scene}: over react-markdown`,
      of("react-markdown", scene),
      (other) => ours[key] / other[key],
      whole,
      atLeast,
    );
  }
  return { name: "deck", rows, checks };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const only = process.argv.slice(2).filter((each) => !each.startsWith("--"));
  const { rows, checks } = await run({
    quick: process.argv.includes("--quick"),
    only: only.length > 0 ? only : undefined,
  });
  printTable(rows);
  printChecks(checks);
}
