import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { optionFlags, parseArguments, UsageError } from "./arguments.js";
import { completionScript } from "./completion.js";
import { HELP } from "./help.js";

test.each([
  [["--cli", "f.yaml"], { name: "cli", file: "f.yaml", publish: [], json: false }],
  [["f.yaml", "--cli"], { name: "cli", file: "f.yaml", publish: [], json: false }],
  [["--cli", "f.yaml", "--publish", "A={}", "--publish=B=@b.json"], { publish: ["A={}", "B=@b.json"] }],
  [
    ["--cli", "f.yaml", "--json", "--model", "demo/echo", "--timeout", "2.5"],
    { json: true, model: "demo/echo", timeout: 2.5 },
  ],
  [["--cli", "--log-level", "debug", "f.yaml"], { logLevel: "debug" }],
  [["--serve", "f.yaml"], { name: "serve", dashboard: false, host: "127.0.0.1", port: 8344 }],
  [["--serve", "--dashboard", "f.yaml"], { name: "serve", dashboard: true, file: "f.yaml" }],
  [
    ["--serve", "f.yaml", "--port", "0", "--host", "::1", "--max-viewers", "5"],
    { port: 0, host: "::1", maxViewers: 5 },
  ],
  [["--serve", "f.yaml", "--watch-token", "w", "--control-token", "c"], { watchToken: "w", controlToken: "c" }],
  [["--serve", "f.yaml"], { allowHosts: [] }],
  [
    ["--serve", "f.yaml", "--allow-host", "localhost:9000", "--allow-host", "deck.lan", "--allow-host=[fd00::1]:80"],
    { allowHosts: ["localhost:9000", "deck.lan", "[fd00::1]:80"] },
  ],
  [["--validate", "f.yaml"], { name: "validate", file: "f.yaml" }],
  [["--version"], { name: "version" }],
  [["--cli", "--help"], { name: "help" }],
  [["-h"], { name: "help" }],
  [["--completion", "fish"], { name: "completion", shell: "fish" }],
])("%j is understood", (argv, expected) => {
  expect(parseArguments(argv)).toMatchObject(expected);
});

test.each([
  [[], /Nothing to do/, /--cli FILE/],
  [["--cli"], /--cli needs a flock file/, /flockdeck --cli FILE/],
  [["--cli", "--serve", "f"], /--cli and --serve do not go together/, /one of them/],
  [["--cli", "a", "b"], /there is also "b"/, /Quote/],
  [["--cli", "f", "--jsn"], /unknown option '--jsn' \(Did you mean --json\?\)/i, /--help/],
  [["--cli", "f", "--publish"], /argument missing/, /--help/],
  [["--cli", "f", "--port", "1"], /--port does not go with --cli/, /--serve/],
  [["--serve", "f", "--publish", "A={}"], /--publish does not go with --serve/, /--cli/],
  [["--serve", "f", "--port", "70000"], /0 to 65535, not "70000"/, /--port 8344/],
  [["--serve", "f", "--port", "x"], /--port must be/, /8344/],
  [["--serve", "f", "--host", ""], /--host must be an address/, /--host 127\.0\.0\.1/],
  [["--cli", ""], /--cli needs a flock file/, /flockdeck --cli FILE/],
  [["--serve", "f", "--max-viewers", "0"], /at least 1/, /--max-viewers/],
  [["--serve", "f", "--allow-host", "http://deck.lan/"], /NAME or NAME:PORT, not "http/, /localhost:9000/],
  [["--serve", "f", "--allow-host", "*"], /NAME or NAME:PORT/, /localhost:9000/],
  [["--cli", "f", "--timeout", "0"], /above 0, not "0"/, /--timeout 60/],
  [["--cli", "f", "--timeout", ""], /above 0/, /--timeout/],
  [["--cli", "f", "--log-level", "loud"], /loud.*Allowed choices are trace/, /--help/],
  [["--completion", "tcsh"], /bash, zsh, fish/, /--help/],
])("%j is refused with what to type", (argv, message, hint) => {
  let error: unknown;
  try {
    parseArguments(argv);
  } catch (thrown) {
    error = thrown;
  }
  if (!(error instanceof UsageError)) throw new Error(`expected a UsageError, got ${error}`);
  expect(error.message).toMatch(message);
  expect(error.hint).toMatch(hint);
});

test("the help fits a screen and names every option", () => {
  const lines = HELP.trimEnd().split("\n");
  expect(lines.length).toBeLessThanOrEqual(24);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  for (const flag of optionFlags()) expect(HELP).toContain(flag);
});

test.each(["bash", "zsh", "fish"] as const)("the %s completion knows every option", (shell) => {
  const script = completionScript(shell);
  for (const flag of optionFlags()) expect(script).toContain(shell === "fish" ? `-l ${flag.slice(2)}` : flag);
});

test.each([
  ["--tim", 1, ["--timeout"]],
  ["de", 2, ["debug"]],
  ["a", 1, ["a.yaml", "ab.yml", "adir"]],
])("bash completes %s", (word, at, expected) => {
  const folder = mkdtempSync(path.join(tmpdir(), "flockdeck-"));
  for (const file of ["a.yaml", "ab.yml", "a.txt", "adir/b.yaml"]) {
    execFileSync("mkdir", ["-p", path.dirname(path.join(folder, file))]);
    writeFileSync(path.join(folder, file), "");
  }
  const words = at === 2 ? `flockdeck --log-level ${word}` : `flockdeck ${word}`;
  const script = `${completionScript("bash")}\nCOMP_WORDS=(${words}); COMP_CWORD=${at}; _flockdeck; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const output = execFileSync("bash", ["-c", script], { cwd: folder, encoding: "utf8" });
  expect(output.trim().split("\n").sort()).toEqual(expected);
});
