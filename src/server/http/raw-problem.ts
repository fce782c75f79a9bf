import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { ErrorCode } from "../../protocol/index.js";
import { PROBLEM_TYPE, problem } from "../problem.js";
import { setSecurityHeaders } from "./security-headers.js";

/** Answers a request with an `Expect` that nobody knows. Node takes `100-continue` itself. */
export function refuseExpectation(outgoing: ServerResponse): void {
  const told = { ...problem("invalid_request", "The only Expect that is met here is 100-continue."), status: 417 };
  setSecurityHeaders(outgoing);
  outgoing.writeHead(told.status, { "Content-Type": PROBLEM_TYPE, Connection: "close" });
  outgoing.end(JSON.stringify(told));
}

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
