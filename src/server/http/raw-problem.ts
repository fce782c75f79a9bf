import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { ErrorCode } from "../../protocol/index.js";
import { PROBLEM_TYPE, problem } from "../problem.js";

/** Answers on a socket that has no response object: a refused upgrade, or bytes that are not HTTP. */
export function rawProblem(socket: Duplex, code: ErrorCode, detail: string, status?: number): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const told = problem(code, detail);
  const body = Buffer.from(JSON.stringify({ ...told, status: status ?? told.status }));
  const head = [
    `HTTP/1.1 ${status ?? told.status} ${STATUS_CODES[status ?? told.status] ?? "Error"}`,
    "Connection: close",
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${body.length}`,
    "Cache-Control: no-store",
    "X-Content-Type-Options: nosniff",
  ];
  socket.once("finish", () => socket.destroy());
  socket.end(Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), body]));
}
