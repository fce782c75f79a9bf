/** Structured logs, one JSON object a line, on standard error. */
import pino, { type Logger } from "pino";
import type { LogLevel } from "./arguments.js";

export function createLogger(stderr: NodeJS.WritableStream, level: LogLevel): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, stderr);
}
