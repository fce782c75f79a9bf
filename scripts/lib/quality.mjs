/** The checks and the runners that `npm test` and `npm run check` are made of. Their output is shown as it comes. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { root, toolNode } from "./paths.mjs";

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

const bin = (path) => join(root, "node_modules", path);

/** Runs a tool of the dev dependencies under their Node; resolves with its exit code. */
export function runTool(script, args, env = {}) {
  const path = [join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter);
  return new Promise((resolve) => {
    const child = spawn(toolNode(), [script, ...args], {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, PATH: path, ...env },
    });
    child.on("error", () => resolve(127));
    child.on("close", (code) => resolve(code ?? 1));
  });
}

export function heading(text) {
  process.stdout.write(`\n── ${text}\n`);
}

/** A check counts as one test. */
async function check(name, script, args) {
  const code = await runTool(script, args);
  process.stdout.write(`${code === 0 ? "ok" : "FAILED"}  ${name}\n`);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

/** Every floor compiles with no more than it may know, and everything together, tests included. */
export async function checkTypes() {
  const floors = readdirSync(join(root, "src")).filter((name) => existsSync(join(root, "src", name, "tsconfig.json")));
  const projects = [...floors.map((name) => `src/${name}`), "tsconfig.json"];
  const results = [];
  for (const project of projects) {
    results.push(await check(`types of ${project}`, bin("typescript/bin/tsc"), ["-p", project]));
  }
  return sum(results);
}

export function checkStyle() {
  return check("lint and format", bin("@biomejs/biome/bin/biome"), ["check", "--error-on-warnings", "."]);
}

export function checkFloors() {
  return check("floors and file lengths", join(root, "scripts", "floors.mjs"), []);
}

/** The short form of the benches whose bounds hold on a noisy machine: ratios within one run, and growth. */
export function checkBenches() {
  const benches = ["parallel", "growth", "memory", "heap", "board"];
  return check("bounds of the short benches", join(root, "bench", "run.mjs"), [
    ...benches,
    "--quick",
    "--check",
    "--slack=1.25",
  ]);
}

function reportFile(name) {
  const results = join(root, "test-results");
  mkdirSync(results, { recursive: true });
  return join(mkdtempSync(join(results, "report-")), `${name}.json`);
}

function readReport(file, code, count) {
  const counts = existsSync(file)
    ? count(JSON.parse(readFileSync(file, "utf8")))
    : { passed: 0, failed: 0, skipped: 0 };
  rmSync(dirname(file), { recursive: true, force: true });
  // A runner that fails without naming a test still failed.
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** @param {readonly string[]} [args] @returns {Promise<Counts>} */
export async function runUnitTests(args = []) {
  const file = reportFile("unit");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const code = await runTool(bin("vitest/vitest.mjs"), ["run", ...reporters, ...args]);
  return readReport(file, code, (report) => ({
    passed: report.numPassedTests,
    failed: Math.max(report.numFailedTests, report.success ? 0 : 1),
    skipped: report.numPendingTests + report.numTodoTests,
  }));
}

/** @param {readonly string[]} [args] @returns {Promise<Counts>} */
export async function runEndToEndTests(args = []) {
  const file = reportFile("e2e");
  const code = await runTool(bin("@playwright/test/cli.js"), ["test", "--reporter=list,json", ...args], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
  });
  return readReport(file, code, ({ stats, errors }) => ({
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + (errors?.length ?? 0),
    skipped: stats.skipped,
  }));
}

/** @param {readonly Counts[]} all @returns {Counts} */
export function sum(all) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const counts of all) for (const key of Object.keys(total)) total[key] += counts[key];
  return total;
}

export function summary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
