import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  deleteRecording,
  historyFolder,
  isRecordingName,
  pruneRecordings,
  recordingName,
  recordingNames,
} from "./history-folder.js";

describe("historyFolder", () => {
  it.each([
    [{}, "linux", join(homedir(), ".local", "share", "flockdeck", "history")],
    [{ XDG_DATA_HOME: "/data" }, "linux", "/data/flockdeck/history"],
    [{ XDG_DATA_HOME: "data" }, "linux", join(homedir(), ".local", "share", "flockdeck", "history")],
    [{}, "darwin", join(homedir(), "Library", "Application Support", "flockdeck", "history")],
    [{ LOCALAPPDATA: "/local" }, "win32", "/local/flockdeck/history"],
    [{ FLOCKDECK_HISTORY: "/elsewhere" }, "linux", "/elsewhere"],
    [{ FLOCKDECK_HISTORY: "" }, "darwin", join(homedir(), "Library", "Application Support", "flockdeck", "history")],
    [{ FLOCKDECK_HISTORY: "off" }, "linux", null],
  ])("%j on %s is %s", (env, platform, expected) => {
    expect(historyFolder(env, platform)).toBe(expected);
  });
});

describe("recordingName", () => {
  it.each([
    ["Newsroom", "2026-01-02T030405Z-newsroom-12345678.flockdeck.db"],
    ["../Été & co/", "2026-01-02T030405Z-été-co-12345678.flockdeck.db"],
    ["…", "2026-01-02T030405Z-12345678.flockdeck.db"],
  ])("%s becomes %s", (flock, expected) => {
    const name = recordingName(flock, Date.UTC(2026, 0, 2, 3, 4, 5), "12345678-9abc");
    expect(name).toBe(expected);
    expect(isRecordingName(name)).toBe(true);
  });

  it.each(["../2026.flockdeck.db", "..\\x.flockdeck.db", "x.db", "", ".flockdeck.db", "a/b.flockdeck.db"])(
    "%j is none",
    (name) => expect(isRecordingName(name)).toBe(false),
  );
});

describe("the folder", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "flockdeck-history-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function fill(count: number, bytes: number): void {
    for (let index = 1; index <= count; index += 1)
      writeFileSync(join(folder, `2026-01-0${index}.flockdeck.db`), "x".repeat(bytes));
    writeFileSync(join(folder, "notes.txt"), "mine");
  }

  it("names the recordings, newest first, and nothing else", () => {
    fill(3, 1);
    mkdirSync(join(folder, "sub"));
    expect(recordingNames(folder)).toEqual(
      ["2026-01-03", "2026-01-02", "2026-01-01"].map((day) => `${day}.flockdeck.db`),
    );
    expect(recordingNames(join(folder, "none"))).toEqual([]);
  });

  it("deletes one with what stands beside it", () => {
    fill(2, 1);
    for (const suffix of ["-wal", "-shm"]) writeFileSync(join(folder, `2026-01-01.flockdeck.db${suffix}`), "");
    deleteRecording(folder, "2026-01-01.flockdeck.db");
    expect(readdirSync(folder).sort()).toEqual(["2026-01-02.flockdeck.db", "notes.txt"]);
  });

  it.each([
    ["too many", { sessions: 2, bytes: 1_000 }, ["2026-01-05", "2026-01-04", "2026-01-01"]],
    ["too much", { sessions: 9, bytes: 35 }, ["2026-01-05", "2026-01-04", "2026-01-03", "2026-01-01"]],
    ["one that is too large", { sessions: 9, bytes: 5 }, ["2026-01-05", "2026-01-01"]],
    [
      "enough room",
      { sessions: 9, bytes: 1_000 },
      ["2026-01-05", "2026-01-04", "2026-01-03", "2026-01-02", "2026-01-01"],
    ],
  ])("lets the oldest go where there are %s, but none that is in use", (_case, limits, kept) => {
    fill(5, 10);
    writeFileSync(join(folder, "2026-01-01.flockdeck.db-wal"), "");
    pruneRecordings(folder, limits);
    expect(recordingNames(folder)).toEqual(kept.map((day) => `${day}.flockdeck.db`));
    expect(readdirSync(folder)).toContain("notes.txt");
  });
});
