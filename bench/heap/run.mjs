/** What 500 finished streams of 100 KB hold in the page's JavaScript heap, and what is left once they are cleared. */
import path from "node:path";
import { chromium } from "playwright";
import { preview } from "vite";
import { buildPage, outDir } from "../deck/run.mjs";
import { root } from "../lib/bundle.mjs";
import { check } from "../lib/report.mjs";
import { median, round } from "../lib/stats.mjs";

const STREAMS = 500;
const UNITS = 102_400;

export async function run({ quick }) {
  await buildPage(false);
  const server = await preview({
    root: path.join(root, "bench/deck"),
    build: { outDir },
    preview: { port: 0, host: "127.0.0.1" },
    logLevel: "error",
  });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  const found = [];
  try {
    for (let index = 0; index < (quick ? 1 : 5); index += 1) {
      found.push(await sample(browser, server.resolvedUrls?.local[0]));
    }
  } finally {
    await browser.close();
    await server.close();
  }
  const of = (value) => median(found.map(value));
  const [empty, full, cleared] = [of(({ empty }) => empty), of(({ full }) => full), of(({ cleared }) => cleared)];
  return {
    rows: [
      { page: "before the first stream", "heap MB": round(empty, 1) },
      { page: `${STREAMS} streams of 100 KB, each seen once`, "heap MB": round(full, 1) },
      { page: "after \u201cClear finished tiles\u201d", "heap MB": round(cleared, 1) },
    ],
    checks: [
      check("heap in MB", full, 250),
      // What is left is code that has run and styles: no text (the largest strings are the page's own scripts).
      check("what clearing leaves of what they took", (cleared - empty) / (full - empty), 0.35),
    ],
  };
}

async function sample(browser, url) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const client = await page.context().newCDPSession(page);
  const heap = async () => {
    await client.send("HeapProfiler.collectGarbage");
    const { usedSize } = await client.send("Runtime.getHeapUsage");
    return usedSize / 1e6;
  };
  try {
    await page.goto(`${url}?count=1&prefill=10&more=0`);
    await page.waitForFunction(() => window.bench !== undefined);
    const empty = await heap();
    await page.goto(`${url}?count=${STREAMS}&prefill=${UNITS}&more=0`);
    await page.waitForFunction(() => window.bench !== undefined, undefined, { timeout: 120_000 });
    await page.waitForFunction(
      () => [...window.session.view.streams.values()].every(({ status }) => status !== "live"),
      undefined,
      { timeout: 120_000 },
    );
    await page.evaluate(() => window.bench.forgetFlock());
    await seeEverything(page);
    const full = await heap();
    await page.evaluate(() => window.session.clearFinished());
    await page.waitForFunction(() => document.querySelectorAll(".stream-tile").length === 0);
    return { empty, full, cleared: await heap() };
  } finally {
    await page.close();
  }
}

/** Scrolls through the deck, a screen a frame, so that every tile has been drawn. */
function seeEverything(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const deck = document.querySelector(".deck");
        const step = () => {
          if (deck.scrollTop + deck.clientHeight >= deck.scrollHeight - 1) return resolve();
          deck.scrollTop += deck.clientHeight;
          requestAnimationFrame(() => requestAnimationFrame(step));
        };
        step();
      }),
  );
}
