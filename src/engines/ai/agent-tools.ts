import { dynamicTool, jsonSchema, type ToolSet } from "ai";
import type { Clock } from "../../core/clock.js";
import type { AgentTool } from "../../core/engine.js";
import { FlockError } from "../../core/errors.js";

type JsonSchema = Exclude<Parameters<typeof jsonSchema>[0], (() => unknown) | PromiseLike<unknown>>;

/** Any JSON Schema in the AI SDK's type for it. */
export function sdkSchema(schema: Readonly<Record<string, unknown>>) {
  return jsonSchema(schema as JsonSchema);
}

/** How long a tool call may take. */
export interface ToolLimit {
  readonly clock: Clock;
  /** Milliseconds. */
  readonly timeout: number;
}

/**
 * An agent's tools as the AI SDK takes them. What a tool throws, and one that takes too long, goes back to the model as
 * data. Throws `tool_error` for two tools of one name.
 */
export function sdkTools(tools: readonly AgentTool[], signal: AbortSignal, limit: ToolLimit): ToolSet {
  const set = new Map<string, ToolSet[string]>();
  for (const tool of tools) {
    if (set.has(tool.name))
      throw new FlockError(
        "tool_error",
        `Two tools are named "${tool.name}", and the model cannot tell them apart: rename one.`,
      );
    set.set(
      tool.name,
      dynamicTool({
        description: tool.description,
        inputSchema: sdkSchema(tool.inputSchema),
        execute: (input) => withinLimit(tool, input, signal, limit),
      }),
    );
  }
  return Object.fromEntries(set);
}

/** Aborts the tool's own signal when its time is up, and does not wait for it to notice. */
async function withinLimit(
  tool: AgentTool,
  input: unknown,
  signal: AbortSignal,
  { clock, timeout }: ToolLimit,
): Promise<unknown> {
  const own = new AbortController();
  const onAbort = () => own.abort(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  let timer: unknown;
  const late = new Promise<never>((_, reject) => {
    timer = clock.setTimeout(() => {
      const seconds = Math.round(timeout / 1000);
      const fault = new FlockError("tool_error", `${tool.name} gave no answer within ${seconds} s and was given up.`);
      reject(fault);
      own.abort(fault);
    }, timeout);
  });
  try {
    return await Promise.race([(async () => tool.execute(input, { signal: own.signal }))(), late]);
  } finally {
    clock.clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

const SHOWN_UNITS = 120;

/** A tool call as a short line of the stream. */
export function toolCallLine(name: string, input: unknown): string {
  const shown = JSON.stringify(input) ?? "";
  return `> Tool \`${name}\`${shown === "{}" || shown === "" ? "" : `: \`${shorten(shown.replaceAll("`", "'"))}\``}`;
}

export function toolErrorLine(name: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `> Tool \`${name}\` failed (tool_error): ${shorten(message.replace(/\s+/g, " "))}`;
}

function shorten(text: string): string {
  return text.length <= SHOWN_UNITS ? text : `${text.slice(0, SHOWN_UNITS).replace(/[\ud800-\udbff]$/, "")}…`;
}
