/** `npm run check`: the quick loop while editing. Types, lint, format, floors and unit tests; no build, no window, no launcher. */
import { ensureDependencies } from "./lib/dependencies.mjs";
import { checkFloors, checkStyle, checkTypes, heading, runUnitTests, sum, summary } from "./lib/quality.mjs";

await ensureDependencies();
heading("Types, lint, format and floors");
const checks = await Promise.all([checkTypes(), checkStyle(), checkFloors()]);
heading("Unit tests");
const total = sum([...checks, await runUnitTests(["--exclude", "e2e/contract/**", ...process.argv.slice(2)])]);
process.stdout.write(`\n${summary(total)}\n`);
process.exitCode = total.failed > 0 ? 1 : 0;
