/** Providers and servers that no agent uses. */
import type { ReadAgent } from "./read-agents.js";
import type { Field, Source } from "./source.js";

export interface Declared {
  readonly source: Source;
  readonly fields: { readonly model?: Field; readonly providers?: Field; readonly mcp_servers?: Field };
  readonly agents: readonly ReadAgent[];
  /** Of agents that name none. */
  readonly model: string;
}

export function checkUnused({ source, fields, agents, model }: Declared): void {
  const models = [...agents.map(({ definition }) => definition.model), ...(fields.model === undefined ? [] : [model])];
  const providers = new Set(models.map((name) => name.split("/", 1)[0] ?? ""));
  const servers = new Set(agents.flatMap(({ definition }) => definition.tools.map(({ name }) => name)));
  report(source, fields.providers, providers, "No model is of provider");
  report(source, fields.mcp_servers, servers, "No agent has tools of MCP server");
}

function report(source: Source, field: Field | undefined, used: ReadonlySet<string>, words: string): void {
  if (field === undefined || !source.isMap(field)) return;
  for (const { key, keyNode } of source.entries(field, field.key, "") ?? []) {
    if (!used.has(key)) source.faults.warning(keyNode, `${words} ${key}.`, "Use it, or remove it.");
  }
}
