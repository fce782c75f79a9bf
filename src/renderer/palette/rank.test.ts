import { expect, test } from "vitest";
import { rank } from "./rank.js";

const best = (typed: string, ...values: string[]) =>
  values.map((value) => ({ value, score: rank(value, typed) })).sort((a, b) => b.score - a.score)[0]?.value;

test("the very words come before letters that are scattered over a path", () => {
  const path = "Open /srv/team/tests/in/flocks/stages.yaml";
  expect(best("Settings", path, "Open the settings", "Settings")).toBe("Settings");
  expect(best("settings", path, "Open the settings")).toBe("Open the settings");
});

test("letters that are scattered over a path are no match", () => {
  const path = "/srv/team/tests/in/flocks/stages.yaml";
  expect(rank(`Open ${path} File/Open ${path}`, "Settings")).toBe(0);
  expect(rank("Open newsroom.yaml", "nwsrm")).toBeGreaterThan(0);
});

test("letters in order are enough, and others are left out", () => {
  expect(rank("Stop every workflow", "stpwf")).toBeGreaterThan(0);
  expect(rank("Stop every workflow", "zebra")).toBe(0);
});
