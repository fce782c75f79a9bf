import { stripVTControlCharacters } from "node:util";
import { spawn } from "@lydell/node-pty";
import headless from "@xterm/headless";
import { expect, test } from "vitest";
import { file, launcher, node, scratch } from "./command.testing.js";
import { many } from "./flocks.testing.js";

interface Screen {
  output: string;
  /** What was to be seen, each time that a frame was whole: the rows, without trailing spaces. */
  readonly seen: string[][];
  readonly write: (keys: string) => void;
  readonly until: (ready: (output: string) => boolean) => Promise<void>;
  readonly exit: Promise<number>;
}

function terminal(args: readonly string[], { cols = 80, env = {} as Record<string, string> } = {}): Screen {
  const watchers = new Set<() => void>();
  const { NO_COLOR: _, DISPLAY: __, ...inherited } = process.env;
  const pty = spawn(node, [launcher, ...args], {
    cols,
    rows: 24,
    cwd: scratch(),
    name: "xterm-256color",
    env: { ...inherited, TERM: "xterm-256color", ...env },
  });
  const shown = new headless.Terminal({ cols, rows: 24, allowProposedApi: true });
  const rows = () => {
    const { active } = shown.buffer;
    return Array.from({ length: 24 }, (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? "");
  };
  const screen: Screen = {
    output: "",
    seen: [],
    write: (keys) => pty.write(keys),
    exit: new Promise((resolve) => pty.onExit(({ exitCode }) => resolve(exitCode))),
    until: (ready) =>
      new Promise((resolve) => {
        const watch = () => {
          if (!ready(screen.output)) return;
          watchers.delete(watch);
          resolve();
        };
        watchers.add(watch);
        watch();
      }),
  };
  pty.onData((data) => {
    screen.output += data;
    // Between these marks a terminal shows the frame before.
    const isWhole = screen.output.lastIndexOf("\u001b[?2026l") >= screen.output.lastIndexOf("\u001b[?2026h");
    shown.write(data, () => {
      if (isWhole) screen.seen.push(rows());
    });
    for (const watch of [...watchers]) watch();
  });
  return screen;
}

const plain = (output: string) => stripVTControlCharacters(output).replaceAll("\r", "");

const four = () =>
  `${many(4, "demo/echo?tps=40&chunk=4")}publish:\n  Line: { text: "${"alpha bravo charlie delta echo ".repeat(6).trim()}" }\n`;

test("a terminal shows one live stream at a time, the others whole when they are done", async () => {
  const screen = terminal(["--cli", file(four())]);
  expect(await screen.exit).toBe(0);
  const said = "alpha bravo charlie delta echo ".repeat(6).trim();
  const flat = plain(screen.output).replace(/\s+/g, "");
  for (const agent of ["a0", "a1", "a2", "a3"]) expect(flat).toContain(agent);
  expect(flat.split(said.replace(/\s+/g, "")).length - 1).toBeGreaterThanOrEqual(4);
});

test("during the run no screen shows more than one unfinished text", async () => {
  const words = (agent: number) => Array.from({ length: 40 }, (_, word) => `w${agent}x${word + 10}`);
  const agents = [120, 80, 60, 45].map((tps, agent) => ({
    name: `a${agent}`,
    description: "Repeat.",
    consumes: [`Line${agent}`],
    publishes: ["Said"],
    model: `demo/echo?tps=${tps}&chunk=4`,
  }));
  const types = { Said: "text", ...Object.fromEntries(agents.map(({ consumes: [type = ""] }) => [type, "text"])) };
  const publish = Object.fromEntries(agents.map((_, agent) => [`Line${agent}`, { text: words(agent).join(" ") }]));
  const screen = terminal(["--cli", file(JSON.stringify({ name: "Four", types, agents, publish }))]);
  expect(await screen.exit).toBe(0);
  /** Of which agents some words are to be seen, and not the last one. */
  const unfinished = (rows: readonly string[]) => {
    const visible = new Set(rows.join(" ").match(/w\dx\d\d/g));
    return agents.flatMap((_, agent) => {
      const own = words(agent);
      return own.some((word) => visible.has(word)) && !visible.has(own.at(-1) ?? "") ? [agent] : [];
    });
  };
  const live = screen.seen.map(unfinished);
  expect(live.filter((some) => some.length > 1)).toEqual([]);
  expect(live.filter((some) => some.length === 1).length).toBeGreaterThan(3);
  expect(new Set(live.flat()).size).toBeGreaterThan(1);
});

test("Ctrl-C once cancels and leaves with 130; the cursor is shown again", async () => {
  const screen = terminal(["--cli", file(four().replace("tps=40", "tps=2"))]);
  await screen.until((output) => output.includes("alpha"));
  screen.write("\u0003");
  expect(await screen.exit).toBe(130);
  const [hidden, shown] = [screen.output.lastIndexOf("\u001b[?25l"), screen.output.lastIndexOf("\u001b[?25h")];
  expect(shown).toBeGreaterThanOrEqual(hidden);
});

test("Ctrl-C twice leaves at once", async () => {
  const screen = terminal(["--cli", file(four().replace("tps=40", "tps=2"))]);
  await screen.until((output) => output.includes("alpha"));
  screen.write("\u0003\u0003");
  expect(await screen.exit).toBe(130);
});

test("a failed workflow exits 1, at 40 columns and without colour too", async () => {
  const screen = terminal(["--cli", file(four()), "--model", "demo/fail?after=20&how=error"], {
    cols: 40,
    env: { NO_COLOR: "1" },
  });
  expect(await screen.exit).toBe(1);
  const colours = screen.output.split("\u001b[").filter((part) => /^(3[0-8]|9[0-7]|4[0-8])[;m]/.test(part));
  expect(colours).toEqual([]);
});
