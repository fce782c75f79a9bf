import { readFileSync, readlinkSync } from "node:fs";
import path from "node:path";

/**
 * Whether `nohup` started this process, so that it is to outlive its terminal. Node puts every signal that was ignored
 * back to its default as it starts, so this is told by what else nohup leaves behind: its name in `_`, which shells set,
 * and, where it replaced a terminal as standard input, the null device opened for writing only.
 */
export function startedByNohup(env: Readonly<Record<string, string | undefined>>): boolean {
  return path.basename(env._ ?? "") === "nohup" || readsFromNowhere();
}

const ACCESS_MODE = 0o3;
const WRITE_ONLY = 0o1;

function readsFromNowhere(): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync("/proc/self/fdinfo/0", "utf8"))?.[1] ?? "0";
    const isWriteOnly = (Number.parseInt(flags, 8) & ACCESS_MODE) === WRITE_ONLY;
    return isWriteOnly && readlinkSync("/proc/self/fd/0") === "/dev/null";
  } catch {
    return false;
  }
}
