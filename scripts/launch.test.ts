import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { optionFlags } from "../src/cli/arguments.js";
import { helpFromSource } from "./launch.mjs";
import { root } from "./lib/paths.mjs";
import { parseWindowArgs } from "./lib/window-args.mjs";

test.each([
  ["no file", [], undefined],
  ["a file", ["a.yaml"], "a.yaml"],
  ["a file beside Chromium's switches", ["--no-sandbox", "--user-data-dir=/tmp/x", "a.yaml"], "a.yaml"],
])("the window takes %s", (_what, args, file) => {
  expect(parseWindowArgs(args)).toEqual({ ok: true, file });
});

test.each([
  ["an option of --serve alone", ["--port", "1"], "flockdeck --serve FILE --port"],
  ["a further name of a server", ["--allow-host", "deck.lan"], "flockdeck --serve FILE --allow-host"],
  ["an option of --cli alone", ["a.yaml", "--json"], "flockdeck --cli FILE --json"],
  ["an option that does not exist", ["--jsno"], "flockdeck --help"],
  ["a name that is empty", [""], "flockdeck FILE"],
  ["two files", ["a.yaml", "b.yaml"], "flockdeck a.yaml"],
])("%s is refused, with what to type", (_what, args, typed) => {
  const parsed = parseWindowArgs(args);
  expect(parsed).toMatchObject({ ok: false, fault: expect.stringContaining(typed) });
});

function flockdeck(...args: string[]) {
  return spawnSync(process.execPath, ["bin/flockdeck.js", ...args], { cwd: root, encoding: "utf8" });
}

test("wrong usage ends with 2, tells on standard error, and opens nothing", () => {
  const { status, stdout, stderr } = flockdeck("--jsno");
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain("--jsno");
});

test.each([
  ["nowhere.yaml", "nowhere.yaml:1:1: error: There is no such file. Check the path.\n"],
  ["resources", "resources:1:1: error: This is a folder. Name a flock file in it.\n"],
])("no window is opened for %s", (file, words) => {
  const { status, stdout, stderr } = flockdeck(file);
  expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: "", stderr: words });
});

test("what every option goes with is known to the window's", () => {
  const alone = ["--cli", "--serve", "--validate", "--completion", "--help", "--version"];
  for (const flag of optionFlags().filter((one) => !alone.includes(one))) {
    const parsed = parseWindowArgs([flag]);
    expect(parsed).toMatchObject({ ok: false, fault: expect.not.stringContaining("There is no option") });
  }
});

test("a signal before the command has begun is an interruption; a server that listens for SIGTERM would end with 0", () => {
  const kill = 'setImmediate(() => process.kill(process.pid, "SIGTERM"))';
  const preload = `process.on("newListener", (name) => { if (name === "SIGTERM") ${kill}; });`;
  const command = ["bin/flockdeck.js", "--serve", "resources/flocks/newsroom.yaml", "--port", "0"];
  const { status, signal } = spawnSync(
    process.execPath,
    ["--import", `data:text/javascript,${encodeURIComponent(preload)}`, ...command],
    { cwd: root },
  );
  expect({ status, signal }).toEqual({ status: 130, signal: null });
});

test("the version needs no build", () => {
  const { status, stdout, stderr } = flockdeck("--version");
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: "" });
});

test("so does the help", () => {
  expect(helpFromSource()).toContain("flockdeck --serve FILE");
});
