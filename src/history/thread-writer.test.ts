import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packBatch } from "./batch.js";
import { ThreadWriter } from "./thread-writer.js";

test("a thread that cannot run refuses what it is given, and is closed at once", async () => {
  const writer = new ThreadWriter(join(tmpdir(), "no-such-writer.cjs"), join(tmpdir(), "never.flockdeck.db"));
  await expect(writer.tell({ flock: "x" })).rejects.toThrow(/Cannot find module/);
  await expect(writer.write(packBatch([]))).rejects.toThrow();
  await writer.close();
});

test("one that had nothing to write is closed without having begun", async () => {
  await new ThreadWriter("/none", "/none").close();
});
