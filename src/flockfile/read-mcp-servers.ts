import type { McpServerDefinition } from "./definition.js";
import { readTexts, readUrl } from "./read-providers.js";
import type { Field, Source } from "./source.js";
import { didYouMean } from "./suggest.js";

const EXAMPLE = "For example files: { command: npx, args: [-y, SERVER], allow: [read_file] }.";

/** `mcp_servers:` → every declared name; undefined for one that is faulty, so that its use is not a second fault. */
export function readMcpServers(source: Source, field: Field | undefined): Map<string, McpServerDefinition | undefined> {
  const servers = new Map<string, McpServerDefinition | undefined>();
  if (field === undefined) return servers;
  for (const entry of source.entries(field, "mcp_servers", EXAMPLE) ?? []) {
    if (/^[A-Za-z][\w-]*$/.test(entry.key)) servers.set(entry.key, readServer(source, entry));
    else source.faults.error(entry.keyNode, `"${entry.key}" cannot name a server.`, "Use letters, digits, _ and -.");
  }
  return servers;
}

function readServer(source: Source, entry: Field): McpServerDefinition | undefined {
  const what = `MCP server ${entry.key}`;
  const fields = source.fields(entry, what, ["command", "args", "env", "cwd", "url", "headers", "allow"]);
  if (fields === undefined) return undefined;
  if ((fields.command === undefined) === (fields.url === undefined)) {
    source.faults.error(entry.keyNode, `${what} needs either a command or a url.`, EXAMPLE);
  }
  if (fields.allow === undefined) {
    source.faults.error(entry.keyNode, `${what} needs allow: no tool is offered that is not named.`, EXAMPLE);
  }
  const allow = source.texts(fields.allow, "allow", "Write a list of the server's tools.") ?? [];
  const url = readUrl(source, fields.url, "url", "For example https://search.example/mcp.");
  const headers = readTexts(source, fields.headers, "headers");
  const command = source.text(fields.command, "command", "Write the program to start.");
  const args = source.texts(fields.args, "args", "Write a list of texts.");
  const env = readTexts(source, fields.env, "env");
  const cwd = source.text(fields.cwd, "cwd", "Write the folder to start it in.");
  if (url !== undefined) return { name: entry.key, allow, url, ...(headers && { headers }) };
  if (command === undefined) return undefined;
  return { name: entry.key, allow, command, ...(args && { args }), ...(env && { env }), ...(cwd && { cwd }) };
}

/** `tools:` of an agent → the servers that it uses, each with the tools that the agent may call. */
export function readTools(
  source: Source,
  field: Field | undefined,
  servers: ReadonlyMap<string, McpServerDefinition | undefined>,
): McpServerDefinition[] {
  const chosen = new Map<string, McpServerDefinition>();
  if (field === undefined) return [];
  const hint = "Write a list of SERVER or SERVER/TOOL.";
  for (const item of source.items(field, "tools", hint) ?? []) {
    const text = source.text(item, "Each of tools", hint);
    if (text === undefined) continue;
    const [name = "", tool] = text.split("/", 2);
    const server = servers.get(name);
    if (!servers.has(name)) {
      const otherwise = servers.size === 0 ? "Declare it under mcp_servers:." : undefined;
      source.faults.error(item.place, `There is no MCP server "${name}".`, didYouMean(name, servers.keys(), otherwise));
    } else if (server !== undefined && tool !== undefined && !server.allow.includes(tool)) {
      source.faults.error(
        item.place,
        `MCP server ${name} does not allow "${tool}".`,
        didYouMean(tool, server.allow, server.allow.length === 0 ? "Add it to allow:." : undefined),
      );
    } else if (server !== undefined) {
      const former = chosen.get(name)?.allow ?? [];
      const allow = tool === undefined ? server.allow : [...new Set([...former, tool])];
      chosen.set(name, { ...server, allow });
    }
  }
  reportSharedNames(source, field, [...chosen.values()]);
  return [...chosen.values()];
}

/** A model knows a tool by its bare name, so an agent cannot have two of one name. */
function reportSharedNames(source: Source, field: Field, servers: readonly McpServerDefinition[]): void {
  const owners = new Map<string, string>();
  for (const { name, allow } of servers) {
    for (const tool of new Set(allow)) {
      const owner = owners.get(tool);
      owners.set(tool, owner ?? name);
      if (owner === undefined) continue;
      source.faults.error(
        field.place,
        `MCP servers ${owner} and ${name} both offer "${tool}", and the model knows tools by that name alone.`,
        "Name the tools of one of them as SERVER/TOOL, without this one.",
      );
    }
  }
}
