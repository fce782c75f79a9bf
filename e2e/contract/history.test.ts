import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Recording } from "../../src/history/recording.js";
import { ECHO } from "./flocks.testing.js";
import { serve, viewer } from "./server.testing.js";

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "flockdeck-history-")), "made when needed");
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

function names(): string[] {
  return readdirSync(join(folder, "..")).flatMap((name) => readdirSync(join(folder, "..", name)));
}

async function servedOnce(history: string): Promise<number | null> {
  const server = await serve(ECHO, [], { env: { FLOCKDECK_HISTORY: history } });
  const control = await viewer(server);
  await control.finished(await control.publish("Fast", { text: "kept \u{1f426} for tomorrow" }));
  await control.leave();
  server.command.child.kill("SIGTERM");
  return (await server.command.finished).code;
}

test("what is served is recorded: every event, and the text unit for unit", async () => {
  expect(await servedOnce(folder)).toBe(0);
  const [name, ...others] = names();
  expect(others).toEqual([]);
  const recording = await Recording.open(join(folder, String(name)));
  const { entries, next } = recording.entries(0, 1_000_000);
  const summary = recording.summary();
  recording.close();
  expect(next).toBeNull();
  const types = entries.map((entry) => ("text" in entry ? "text" : entry.event.type));
  expect(types[0]).toBe("workflow_started");
  expect(types.at(-1)).toBe("workflow_finished");
  expect(types).toEqual(expect.arrayContaining(["artifact_published", "agent_activated", "stream_complete"]));
  expect(entries.map((entry) => ("text" in entry ? entry.text : "")).join("")).toBe("kept \u{1f426} for tomorrow");
  expect(summary).toMatchObject({ workflows: 1, streams: 1, pid: expect.any(Number), ended_at: expect.any(Number) });
  expect(summary.hello).not.toMatch(/token/);
});

test("FLOCKDECK_HISTORY=off records nothing", async () => {
  expect(await servedOnce("off")).toBe(0);
  expect(names()).toEqual([]);
});

test("a folder that cannot be written is told once, and everything runs all the same", async () => {
  const server = await serve(ECHO, [], { env: { FLOCKDECK_HISTORY: "/dev/null/history" } });
  const control = await viewer(server);
  await control.finished(await control.publish("Fast", { text: "goes on" }));
  await control.finished(await control.publish("Fast", { text: "and on" }));
  await control.leave();
  server.command.child.kill("SIGTERM");
  const { code, stderr } = await server.command.finished;
  expect(code).toBe(0);
  expect(stderr.match(/This session is not recorded in \/dev\/null\/history/g)).toHaveLength(1);
});
