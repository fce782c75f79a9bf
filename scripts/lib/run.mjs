import { spawn } from "node:child_process";

/** What went wrong, in words for the person at the terminal; shown without a stack. */
export class SetupError extends Error {
  name = "SetupError";
}

/**
 * Runs a program to its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeout?: number, show?: boolean }} [options]
 *   `show`: pass its output on to standard error as it comes. `timeout` in milliseconds.
 * @returns {Promise<{ code: number, output: string }>} Never rejects: a program that cannot be started has code 127.
 */
export function run(command, args, { cwd, env, timeout, show = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env: env ?? process.env, stdio: ["ignore", "pipe", "pipe"], timeout });
    let output = "";
    const take = (chunk) => {
      output = (output + chunk).slice(-100_000);
      if (show) process.stderr.write(chunk);
    };
    child.stdout.setEncoding("utf8").on("data", take);
    child.stderr.setEncoding("utf8").on("data", take);
    child.on("error", (error) => resolve({ code: 127, output: error.message }));
    child.on("close", (code, signal) => resolve({ code: code ?? (signal ? 1 : 0), output }));
  });
}

/** npm, by the same program that runs us where npm started us. @param {readonly string[]} wanted */
export function runNpm(wanted, options) {
  // Whoever runs us may have silenced npm; its errors are still needed.
  const args = [...wanted, "--loglevel=error"];
  const npm = process.env.npm_execpath;
  if (npm?.endsWith(".js")) return run(process.execPath, [npm, ...args], options);
  if (process.platform === "win32") return run("cmd.exe", ["/d", "/s", "/c", "npm", ...args], options);
  return run("npm", args, options);
}

/** The last lines of a program's output, for an error message. */
export function lastLines(output, count = 12) {
  return output.trimEnd().split("\n").slice(-count).join("\n");
}
