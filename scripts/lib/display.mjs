import { spawn } from "node:child_process";
import { SetupError } from "./run.mjs";

export function hasDisplay() {
  return process.platform !== "linux" || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/**
 * A display in memory, for machines without a screen.
 * @param {{ forOneProgram?: boolean }} [options] `forOneProgram`: it ends with the first program that shows itself there,
 *   even where we were killed
 * @returns {Promise<{ display: string, stop(): void }>} `display` for the DISPLAY variable
 */
export function startXvfb({ forOneProgram = false } = {}) {
  return new Promise((resolve, reject) => {
    const args = [
      "-displayfd",
      "3",
      "-screen",
      "0",
      "1440x900x24",
      "-nolisten",
      "tcp",
      ...(forOneProgram ? ["-terminate"] : []),
    ];
    const server = spawn("Xvfb", args, { stdio: ["ignore", "ignore", "ignore", "pipe"] });
    server.once("error", (error) => reject(new SetupError(`Xvfb does not start: ${error.message}`)));
    server.once("exit", (code) => reject(new SetupError(`Xvfb ended with code ${code} before it had a display`)));
    let number = "";
    server.stdio[3].setEncoding("utf8").on("data", (chunk) => {
      number += chunk;
      if (!number.includes("\n")) return;
      server.unref();
      server.stdio[3].destroy();
      resolve({ display: `:${number.trim()}`, stop: () => server.kill() });
    });
  });
}
