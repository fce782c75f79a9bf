/**
 * npm run bench                 all benches
 * npm run bench -- NAME...      some of them
 *   --quick    the short form that the tests run      --check    exit 1 where a bound is broken
 *   --slack=1.25  with --check: how far past its bound a ratio may be (growth bounds are never slackened)
 */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { root } from "./lib/bundle.mjs";
import { machine, printChecks, printTable } from "./lib/report.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
    slack: { type: "string", default: "1" },
  },
});

const here = path.join(root, "bench");
const known = readdirSync(here)
  .filter((name) => existsSync(path.join(here, name, "run.mjs")))
  .sort();
const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`No bench named ${unknown.join(", ")}. There are: ${known.join(", ")}`);
  process.exit(2);
}

const slack = Number(values.slack);
const results = path.join(here, "results");
mkdirSync(results, { recursive: true });
console.log(`Machine: ${Object.values(machine()).join(" · ")}`);
let broken = 0;
for (const name of positionals.length > 0 ? positionals : known) {
  console.log(`\n${name}`);
  const { run } = await import(path.join(here, name, "run.mjs"));
  const { rows, checks } = await run({ quick: values.quick });
  printTable(rows);
  printChecks(checks);
  writeFileSync(
    path.join(results, `${name}.json`),
    `${JSON.stringify({ name, machine: machine(), quick: values.quick, at: new Date().toISOString(), rows, checks }, null, 2)}\n`,
  );
  broken += checks.filter((each) => !withinSlack(each)).length;
}
if (values.check && broken > 0) {
  console.error(`\n${broken} bound${broken === 1 ? " is" : "s are"} broken`);
  process.exit(1);
}

function withinSlack({ ok, value, bound, atLeast, growth }) {
  if (ok || growth) return ok;
  return atLeast ? value >= bound / slack : value <= bound * slack;
}
