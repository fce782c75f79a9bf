import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { SettingsStore } from "./settings.js";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "flockdeck-settings-"));
  file = join(folder, "settings.json");
});

test("what is set is there at the next start", () => {
  const window = { bounds: { x: 1, y: 2, width: 800, height: 600 }, maximized: true };
  new SettingsStore(file).update({ notifications: true, window });
  const { current } = new SettingsStore(file);
  expect(current).toMatchObject({ notifications: true, window });
});

test.each([
  ["no file", undefined],
  ["no JSON", "{"],
  ["no object", "[]"],
])("%s gives the defaults", (_what, text) => {
  if (text !== undefined) writeFileSync(file, text);
  expect(new SettingsStore(file).current).toEqual({
    recent: [],
    window: null,
    notifications: false,
    recording: true,
    keys: {},
  });
});

test("one broken field does not cost the others", () => {
  writeFileSync(file, JSON.stringify({ recent: ["/a.yaml"], window: { bounds: "wide" }, notifications: 7 }));
  expect(new SettingsStore(file).current).toMatchObject({ recent: ["/a.yaml"], window: null, notifications: false });
});

test("the file is replaced whole, for its owner's eyes only", () => {
  new SettingsStore(file).update({ notifications: true });
  expect(readdirSync(folder)).toEqual(["settings.json"]);
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ notifications: true });
  expect(statSync(file).mode & 0o077).toBe(0);
});

test("the last ten files are remembered, the latest first, none twice", () => {
  const store = new SettingsStore(file);
  for (let index = 0; index < 12; index += 1) store.addRecent(`/${index}.yaml`);
  store.addRecent("/5.yaml");
  expect(store.current.recent).toHaveLength(10);
  expect(store.current.recent.slice(0, 3)).toEqual(["/5.yaml", "/11.yaml", "/10.yaml"]);
});
