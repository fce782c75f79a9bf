import { expect, test } from "vitest";
import { headlessArgs, wantsHeadless } from "./headless.js";
import { fileFromArgs } from "./launch-args.js";

test.each([
  ["nothing", [], undefined],
  ["a relative file", ["a.yaml"], "/home/ada/a.yaml"],
  ["an absolute file", ["/flocks/a.yaml"], "/flocks/a.yaml"],
  ["a file after switches", ["--no-sandbox", "--user-data-dir=/tmp/x", "a.yaml"], "/home/ada/a.yaml"],
  ["the app's own folder, as Electron is given it", ["/opt/flockdeck"], undefined],
  ["the app's own folder and a file", ["/opt/flockdeck", "a.yaml"], "/home/ada/a.yaml"],
])("%s", (_what, args, expected) => {
  expect(fileFromArgs(args, "/home/ada", "/opt/flockdeck")).toBe(expected);
});

test.each([
  [["--cli", "a.yaml"], true],
  [["--serve", "a.yaml", "--dashboard"], true],
  [["--version"], true],
  [["a.yaml", "--no-sandbox"], false],
])("%j needs no window: %s", (args, expected) => {
  expect(wantsHeadless(args)).toBe(expected);
});

test("the command line is not given what only Chromium understands", () => {
  expect(headlessArgs(["--no-sandbox", "--cli", "a.yaml", "--user-data-dir=/tmp/x", "--json"])).toEqual([
    "--cli",
    "a.yaml",
    "--json",
  ]);
});
