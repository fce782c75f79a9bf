/** Structured logs, one JSON object a line, on standard error. */
import diagnostics from "node:diagnostics_channel";
import type { Logger } from "pino";
import type { LogLevel } from "./arguments.js";

export async function createLogger(stderr: NodeJS.WritableStream, level: LogLevel): Promise<Logger> {
  // The fallback runtime embeds Node 18.15, which has no tracing channels; pino asks for one as it loads.
  if (!("tracingChannel" in diagnostics)) {
    Object.assign(diagnostics, { tracingChannel: () => ({ hasSubscribers: false }) });
  }
  const { pino, stdTimeFunctions } = await import("pino");
  const formatters = { level: (label: string) => ({ level: label }) };
  return pino({ level, base: null, formatters, timestamp: stdTimeFunctions.isoTime }, stderr);
}
