import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";

const module = pathToFileURL(`${import.meta.dirname}/headless.ts`).href;

/** A program that says when it is there, and ends by itself a moment after a signal. */
const PROGRAM = `
  for (const signal of ["SIGINT", "SIGTERM"])
    process.once(signal, () => setTimeout(() => { console.log("drained after " + signal); process.exit(7); }, 100));
  console.log("up");
  setInterval(() => {}, 1000);
`;

function launch(before: string) {
  const script = `${before}
    const { runInPlace } = await import(${JSON.stringify(module)});
    process.exit(runInPlace(process.execPath, ["-e", ${JSON.stringify(PROGRAM)}], process.env));`;
  const launcher = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const closed = once(launcher, "close");
  const stderr = text(launcher.stderr);
  return { launcher, closed, stderr };
}

test.skipIf(process.platform === "win32").each(["SIGTERM", "SIGINT"] as const)(
  "%s reaches the command line, and its exit code is passed on",
  async (signal) => {
    const { launcher, closed, stderr } = launch("");
    const stdout = text(launcher.stdout);
    await once(launcher.stdout, "data");
    launcher.kill(signal);
    expect(await closed).toEqual([7, null]);
    expect(await stdout).toContain(`drained after ${signal}`);
    expect(await stderr).toBe("");
  },
);

test.skipIf(process.platform === "win32")(
  "where there is neither execve nor the binding, a terminal's Ctrl-C does not end the parent before the command line",
  async () => {
    const { launcher, closed } = launch("process.execve = undefined;");
    const stdout = text(launcher.stdout);
    await once(launcher.stdout, "data");
    if (launcher.pid === undefined) throw new Error("not started");
    process.kill(-launcher.pid, "SIGINT");
    expect(await closed).toEqual([7, null]);
    expect(await stdout).toContain("drained after SIGINT");
  },
);
