/** A thread of its own for the disk. Built as a file beside the program that starts it. */
import { dirname } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { pruneRecordings } from "./history-folder.js";
import { SqliteWriter } from "./sqlite-writer.js";
import type { WriterAnswer, WriterRequest } from "./thread-writer.js";

let writer: SqliteWriter | undefined;

function begin(file: string): SqliteWriter {
  const begun = new SqliteWriter(file);
  try {
    pruneRecordings(dirname(file));
  } catch {
    // What cannot be deleted stays; the next session tries again.
  }
  return begun;
}

async function carryOut(request: WriterRequest): Promise<void> {
  if (request.kind === "close") {
    await writer?.close();
    return;
  }
  // Only now: a session in which nothing happens leaves no file.
  writer ??= begin((workerData as { file: string }).file);
  if (request.kind === "write") await writer.write(request.batch);
  else await writer.tell(request.facts);
}

parentPort?.on("message", (request: WriterRequest) => {
  carryOut(request).then(
    () => parentPort?.postMessage({ id: request.id } satisfies WriterAnswer),
    (error: unknown) => {
      const fault = error instanceof Error ? error.message : String(error);
      parentPort?.postMessage({ id: request.id, fault } satisfies WriterAnswer);
    },
  );
});
