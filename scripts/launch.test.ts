import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
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
  ["an option of --cli alone", ["a.yaml", "--json"], "flockdeck --cli FILE --json"],
  ["an option that does not exist", ["--jsno"], "flockdeck --help"],
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

test("the version needs no build", () => {
  const { status, stdout, stderr } = flockdeck("--version");
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: "" });
});

test("so does the help", () => {
  expect(helpFromSource()).toContain("flockdeck --serve FILE");
});
