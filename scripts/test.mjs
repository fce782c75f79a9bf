/**
 * `npm test`: installs what is missing, builds, and runs everything. The last line sums up all runners; the exit code
 * is 1 if anything failed.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { ensureDependencies } from "./lib/dependencies.mjs";
import { ensureBuilt } from "./lib/ensure-built.mjs";
import { root } from "./lib/paths.mjs";
import {
  checkBenches,
  checkFloors,
  checkStyle,
  checkTypes,
  heading,
  runEndToEndTests,
  runUnitTests,
  sum,
  summary,
} from "./lib/quality.mjs";
import { ensureTestPackages } from "./lib/system-packages.mjs";

const failedOnce = { passed: 0, failed: 1, skipped: 0 };
const results = [];

/** A step that cannot even begin counts as one failure; what does not need it still runs. */
async function attempt(step) {
  try {
    results.push((await step()) ?? { passed: 0, failed: 0, skipped: 0 });
    return true;
  } catch (error) {
    process.stdout.write(`${error.name === "SetupError" ? error.message : error.stack}\n`);
    results.push(failedOnce);
    return false;
  }
}

rmSync(join(root, "test-results"), { recursive: true, force: true });
if (await attempt(ensureDependencies)) {
  heading("Types, lint, format and floors");
  await attempt(checkTypes);
  await attempt(checkStyle);
  await attempt(checkFloors);
  heading("Build");
  const built = await attempt(() => ensureBuilt(["cli", "desktop", "lib"]));
  const equipped = await attempt(ensureTestPackages);
  heading("Unit and integration tests");
  await attempt(runUnitTests);
  heading("Benches");
  await attempt(checkBenches);
  if (built && equipped) {
    heading("End to end");
    await attempt(runEndToEndTests);
  }
}

const total = sum(results);
process.exitCode = total.failed > 0 ? 1 : 0;
process.stdout.write(`\n${summary(total)}\n`);
