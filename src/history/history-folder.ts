/** Where recordings are, which there are, and which are let go. */
import { readdirSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** The newest this many are kept … */
export const SESSIONS_KEPT = 200;
/** … as far as they fit in so many bytes. */
export const BYTES_KEPT = 2 * 1024 ** 3;

const ENDING = ".flockdeck.db";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The folder of this user's recordings; null where `FLOCKDECK_HISTORY=off` wants none. `FLOCKDECK_HISTORY` may also
 * name another folder.
 */
export function historyFolder(env: Environment, platform: string = process.platform): string | null {
  const wish = env.FLOCKDECK_HISTORY;
  if (wish === "off") return null;
  if (wish !== undefined && wish !== "") return wish;
  return join(dataFolder(env, platform), "flockdeck", "history");
}

function dataFolder(env: Environment, platform: string): string {
  if (platform === "win32") return env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local");
  if (platform === "darwin") return join(homedir(), "Library", "Application Support");
  const { XDG_DATA_HOME } = env;
  // The base directory specification has relative paths ignored.
  return XDG_DATA_HOME !== undefined && isAbsolute(XDG_DATA_HOME) ? XDG_DATA_HOME : join(homedir(), ".local", "share");
}

/** A name that sorts by time and tells people what is in it. `startedAt` in milliseconds since 1970. */
export function recordingName(flock: string, startedAt: number, epoch: string): string {
  const time = new Date(startedAt).toISOString().slice(0, 19).replaceAll(":", "");
  const words = flock
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .slice(0, 40)
    .replace(/^-+|-+$/g, "");
  return `${[`${time}Z`, words, epoch.slice(0, 8)].filter(Boolean).join("-")}${ENDING}`;
}

/** Names of the recordings, newest first; none where there is no such folder. */
export function recordingNames(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(ENDING))
      .sort()
      .reverse();
  } catch {
    return [];
  }
}

/** Whether a name given from outside is one of a recording, and leads nowhere else. */
export function isRecordingName(name: string): boolean {
  return name.endsWith(ENDING) && !/[/\\]/.test(name) && !name.startsWith(".");
}

/** With what SQLite keeps beside it. */
export function deleteRecording(folder: string, name: string): void {
  for (const suffix of ["", "-wal", "-shm", "-journal"]) rmSync(join(folder, name + suffix), { force: true });
}

/** A log that was touched within this time is taken for one that somebody writes. */
const IN_USE_MS = 7 * 24 * 3_600_000;

/** Whether it may still be written: it has a log beside it, which goes when it ends as it should. */
export function isInUse(folder: string, name: string): boolean {
  const log = statSync(join(folder, `${name}-wal`), { throwIfNoEntry: false });
  return log !== undefined && Date.now() - log.mtimeMs < IN_USE_MS;
}

function bytesOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/**
 * Lets those go that do not fit into `SESSIONS_KEPT` and `BYTES_KEPT`, the newest first. The newest stays whatever its
 * size, and so does what is in use. Returns the names of those that went.
 */
export function pruneRecordings(
  folder: string,
  limits: { readonly sessions: number; readonly bytes: number } = { sessions: SESSIONS_KEPT, bytes: BYTES_KEPT },
): string[] {
  const gone: string[] = [];
  let bytes = 0;
  for (const [index, name] of recordingNames(folder).entries()) {
    const size = bytesOf(join(folder, name)) + bytesOf(join(folder, `${name}-wal`));
    const fits = index === 0 || (index < limits.sessions && bytes + size <= limits.bytes);
    if (fits || isInUse(folder, name)) {
      bytes += size;
      continue;
    }
    deleteRecording(folder, name);
    gone.push(name);
  }
  return gone;
}
