/** Structured logs, one JSON object a line, on standard error. */
import pino, { type Logger } from "pino";
import type { LogLevel } from "./arguments.js";

export function createLogger(stderr: NodeJS.WritableStream, level: LogLevel): Logger {
  const formatters = { level: (label: string) => ({ level: label }) };
  return pino({ level, base: null, formatters, timestamp: pino.stdTimeFunctions.isoTime }, stderr);
}
