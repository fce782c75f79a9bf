/** A thread of its own for the disk. Built as a file beside the program that starts it. */
import { parentPort, workerData } from "node:worker_threads";
import { SqliteWriter } from "./sqlite-writer.js";
import type { WriterAnswer, WriterRequest } from "./thread-writer.js";

let writer: SqliteWriter | undefined;

async function carryOut(request: WriterRequest): Promise<void> {
  if (request.kind === "close") {
    await writer?.close();
    return;
  }
  // Only now: a session in which nothing happens leaves no file.
  writer ??= new SqliteWriter((workerData as { file: string }).file);
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
