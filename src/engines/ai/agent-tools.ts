import { dynamicTool, jsonSchema, type ToolSet } from "ai";
import type { AgentTool } from "../../core/engine.js";

type JsonSchema = Exclude<Parameters<typeof jsonSchema>[0], (() => unknown) | PromiseLike<unknown>>;

/** Any JSON Schema in the AI SDK's type for it. */
export function sdkSchema(schema: Readonly<Record<string, unknown>>) {
  return jsonSchema(schema as JsonSchema);
}

/** An agent's tools as the AI SDK takes them. What a tool throws goes back to the model as data. */
export function sdkTools(tools: readonly AgentTool[], signal: AbortSignal): ToolSet {
  return Object.fromEntries(
    tools.map((tool) => [
      tool.name,
      dynamicTool({
        description: tool.description,
        inputSchema: sdkSchema(tool.inputSchema),
        execute: async (input) => tool.execute(input, { signal }),
      }),
    ]),
  );
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
