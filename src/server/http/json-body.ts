import type { IncomingMessage } from "node:http";
import { ProblemError } from "../problem.js";

/** Reads a JSON body of at most `limit` bytes. Throws `ProblemError`: 415, 413 or 400. */
export async function readJsonBody(incoming: IncomingMessage, limit: number): Promise<unknown> {
  const mediaType = (incoming.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  if (mediaType !== "application/json") {
    throw new ProblemError("unsupported_media_type", "Send the body as Content-Type: application/json.");
  }
  if (incoming.headers["content-encoding"] !== undefined && incoming.headers["content-encoding"] !== "identity") {
    throw new ProblemError("unsupported_media_type", "Send the body without Content-Encoding.");
  }
  const tooLarge = () =>
    new ProblemError("too_large", `The body may have at most ${limit} bytes.`, { Connection: "close" });
  const body = await readBytes(incoming, limit);
  if (!body) throw tooLarge();
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new ProblemError("invalid_request", "The body is not JSON.");
  }
}

/**
 * How much of a body that is too large is read and thrown away: most clients read no answer before they have sent it
 * all, and a connection closed on unread bytes is reset, which loses the answer.
 */
const DISCARDED_BYTES = 32 * 1024 * 1024;

/** The whole body, or null if it exceeds the limit. Rejects when the client goes away. */
function readBytes(incoming: IncomingMessage, limit: number): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const onData = (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      if (length <= DISCARDED_BYTES) return;
      incoming.off("data", onData);
      incoming.pause();
      resolve(null);
    };
    incoming.on("data", onData);
    incoming.on("end", () => resolve(length <= limit ? Buffer.concat(chunks) : null));
    incoming.on("error", reject);
    incoming.on("close", () => reject(new ProblemError("invalid_request", "The body ended too early.")));
  });
}
