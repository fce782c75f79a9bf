import { existsSync } from "node:fs";

/** The Chromium switches that this machine needs, and no more. */
export function machineArgs() {
  if (process.platform !== "linux") return [];
  const args = [];
  // Chromium's sandbox refuses to run as root.
  if (process.getuid?.() === 0) args.push("--no-sandbox");
  if (!existsSync("/dev/dri")) args.push("--disable-gpu");
  if (!process.env.DISPLAY && process.env.WAYLAND_DISPLAY) args.push("--ozone-platform-hint=auto");
  return args;
}
