import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright";
import { build, preview } from "vite";
import { installBaselines } from "../lib/baselines.mjs";
import { check, printChecks, printTable } from "../lib/report.mjs";
import { median, round } from "../lib/stats.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../..");
const baselines = path.join(root, "bench/baselines/node_modules");
const outDir = path.join(root, "out/bench/markdown");

const KIB = 1024;
/** Updates in one sample: one section of the article. */
const UPDATES = 38;
const GROWING = ["list", "fence", "table"];

/**
 * Main-thread time per update of 12 tokens, in Chromium, at several lengths of what is already shown.
 * @param {{ quick?: boolean, only?: readonly string[] }} options
 */
export async function run({ quick = false, only } = {}) {
  await buildPage();
  const server = await preview({
    root: here,
    build: { outDir },
    preview: { port: 0, host: "127.0.0.1" },
    logLevel: "error",
  });
  const url = server.resolvedUrls?.local[0];
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const sizes = quick ? [2, 100] : [2, 10, 50, 100];
    const names = only ?? ["flockdeck", "streamdown", "react-markdown", ...(quick ? [] : ["incremark", "pre"])];
    const cases = [
      ...sizes.flatMap((size) => names.map((variant) => ({ variant, kind: "article", size }))),
      ...(quick ? [] : GROWING).flatMap((kind) =>
        ["flockdeck", "streamdown"].filter((n) => names.includes(n)).map((variant) => ({ variant, kind, size: 30 })),
      ),
    ];
    const samples = cases.map(() => []);
    for (let repeat = 0; repeat < (quick ? 3 : 5); repeat += 1) {
      for (const [index, each] of cases.entries()) samples[index].push(await sample(browser, url, each));
    }
    return report(
      cases.map((each, index) => ({ ...each, ms: median(samples[index]) })),
      sizes,
      names,
    );
  } finally {
    await browser.close();
    await server.close();
  }
}

async function buildPage() {
  installBaselines();
  const from = (name) => path.join(baselines, name);
  await build({
    root: path.join(here, "page"),
    logLevel: "error",
    base: "./",
    define: { "process.env.NODE_ENV": '"production"' },
    resolve: {
      alias: {
        streamdown: from("streamdown"),
        "@incremark/react": from("@incremark/react"),
        "@incremark/theme/styles.css": from("@incremark/theme/dist/styles.css"),
      },
      dedupe: ["react", "react-dom"],
    },
    build: {
      outDir,
      emptyOutDir: true,
      target: "chrome114",
      chunkSizeWarningLimit: 1e5,
      rollupOptions: { external: ["mermaid", "katex"] },
    },
  });
}

/** Milliseconds of main-thread tasks per update. */
async function sample(browser, url, { variant, kind, size }) {
  const page = await browser.newPage({ viewport: { width: 800, height: 600 } });
  const errors = [];
  page.on("pageerror", (error) => errors.push(error));
  try {
    await page.goto(url);
    const client = await page.context().newCDPSession(page);
    await client.send("Performance.enable", { timeDomain: "threadTicks" });
    // Ours streams all it shows, as it would have; for the others a part of it would take minutes.
    const step = variant === "flockdeck" ? KIB : size * KIB;
    await page.evaluate(([...args]) => window.bench.prepare(...args), [variant, kind, size * KIB, step]);
    const before = await taskDuration(client);
    await page.evaluate((updates) => window.bench.stream(updates), UPDATES);
    const after = await taskDuration(client);
    if (errors.length > 0) throw errors[0];
    return ((after - before) * 1000) / UPDATES;
  } finally {
    await page.close();
  }
}

async function taskDuration(client) {
  const { metrics } = await client.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN;
}

function report(results, sizes, names) {
  const ms = (variant, size, kind = "article") =>
    results.find((each) => each.variant === variant && each.size === size && each.kind === kind)?.ms ?? Number.NaN;
  const rows = names.map((variant) => ({
    "ms per update": variant,
    ...Object.fromEntries(sizes.map((size) => [`${size} KB`, round(ms(variant, size))])),
    ...Object.fromEntries(
      GROWING.filter((kind) => results.some((each) => each.kind === kind)).map((kind) => [
        `30 KB ${kind}`,
        round(ms(variant, 30, kind)) || "",
      ]),
    ),
  }));
  const checks = [
    { ...check("100 KB over 2 KB", ms("flockdeck", 100) / ms("flockdeck", 2), 1.15), growth: true },
    ...(names.includes("streamdown")
      ? [check("over streamdown at 100 KB", ms("flockdeck", 100) / ms("streamdown", 100), 0.3)]
      : []),
    ...(names.includes("react-markdown")
      ? [check("over whole react-markdown at 100 KB", ms("flockdeck", 100) / ms("react-markdown", 100), 0.03)]
      : []),
  ];
  return { name: "markdown", rows, checks };
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
