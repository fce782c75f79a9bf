import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { AgentTool } from "../../core/engine.js";
import { FlockError } from "../../core/errors.js";

/** A server of the Model Context Protocol: a program spoken to over its standard streams, or an address. */
export type McpServerDefinition = {
  /** Shown in errors. */
  readonly name: string;
  /** The tools that agents may call; no other one is offered to them. */
  readonly allow: readonly string[];
} & (
  | {
      readonly command: string;
      readonly args?: readonly string[];
      /** Beside the few harmless variables that every program gets; keys are not among those. */
      readonly env?: Readonly<Record<string, string>>;
      readonly cwd?: string;
    }
  | { readonly url: string; readonly headers?: Readonly<Record<string, string>> }
);

export interface McpTools {
  /** Connects to servers that are not connected. Rejects with `tool_error` if one cannot be used, and once closed. */
  tools(): Promise<readonly AgentTool[]>;
  /** Ends every connection and every program that was started. */
  close(): Promise<void>;
}

interface Connection {
  readonly client: Client;
  readonly tools: readonly AgentTool[];
}

/** Milliseconds that one tool call may take without a sign of progress. */
const CALL_TIMEOUT_MS = 120_000;

/** The allowed tools of MCP servers, for the `tools` option of the engines. Programs are started when first needed. */
export function openMcpTools(servers: readonly McpServerDefinition[]): McpTools {
  const links = servers.map((server) => new Link(server));
  return {
    async tools() {
      assertDistinct(servers);
      return (await Promise.all(links.map((link) => link.connection()))).flatMap(({ tools }) => tools);
    },
    async close() {
      await Promise.all(links.map((link) => link.close()));
    },
  };
}

/** A model knows a tool by its bare name. */
function assertDistinct(servers: readonly McpServerDefinition[]): void {
  const owners = new Map<string, string>();
  for (const { name, allow } of servers) {
    for (const tool of new Set(allow)) {
      const owner = owners.get(tool);
      if (owner !== undefined)
        throw new FlockError(
          "tool_error",
          `MCP servers "${owner}" and "${name}" both allow "${tool}": allow one of them.`,
        );
      owners.set(tool, name);
    }
  }
}

/** The way to one server: opened when it is needed, and again after the server went away. */
class Link {
  readonly #server: McpServerDefinition;
  #connecting: Promise<Connection> | undefined;
  #closed = false;

  constructor(server: McpServerDefinition) {
    this.#server = server;
  }

  connection(): Promise<Connection> {
    const { name } = this.#server;
    if (this.#closed)
      return Promise.reject(new FlockError("tool_error", `MCP server "${name}": its tools are closed.`));
    if (this.#connecting !== undefined) return this.#connecting;
    const forget = () => {
      if (this.#connecting === connecting) this.#connecting = undefined;
    };
    const connecting = connect(this.#server, () => this.connection(), forget);
    // A server that was down may be up the next time.
    connecting.catch(forget);
    this.#connecting = connecting;
    return connecting;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const open = await this.#connecting?.catch(() => undefined);
    await open?.client.close();
  }
}

/** `current` gives the connection that calls go to; `onGone` is told when this one has ended. */
async function connect(
  server: McpServerDefinition,
  current: () => Promise<Connection>,
  onGone: () => void,
): Promise<Connection> {
  const { Client } = await import("@modelcontextprotocol/sdk/client/index.js");
  const client = new Client({ name: "flockdeck", version: "1" });
  try {
    await client.connect(await transportOf(server));
    client.onclose = onGone;
    return { client, tools: await allowedTools(client, server, current) };
  } catch (error) {
    await client.close();
    if (error instanceof FlockError) throw error;
    throw new FlockError("tool_error", `MCP server "${server.name}": ${wordsOf(error)}`, { cause: error });
  }
}

async function transportOf(server: McpServerDefinition): Promise<Transport> {
  if ("url" in server) {
    const { StreamableHTTPClientTransport } = await import("@modelcontextprotocol/sdk/client/streamableHttp.js");
    return new StreamableHTTPClientTransport(new URL(server.url), { requestInit: { headers: { ...server.headers } } });
  }
  const { StdioClientTransport, getDefaultEnvironment } = await import("@modelcontextprotocol/sdk/client/stdio.js");
  return new StdioClientTransport({
    command: server.command,
    args: [...(server.args ?? [])],
    env: { ...getDefaultEnvironment(), ...server.env },
    ...(server.cwd !== undefined && { cwd: server.cwd }),
    stderr: "ignore",
  });
}

async function allowedTools(
  client: Client,
  server: McpServerDefinition,
  current: () => Promise<Connection>,
): Promise<readonly AgentTool[]> {
  const offered: Awaited<ReturnType<Client["listTools"]>>["tools"] = [];
  let cursor: string | undefined;
  do {
    const page = await client.listTools(cursor === undefined ? {} : { cursor });
    offered.push(...page.tools);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return [...new Set(server.allow)].map((name) => {
    const tool = offered.find((candidate) => candidate.name === name);
    if (tool === undefined) {
      const names = offered.map((candidate) => candidate.name).join(", ") || "none";
      throw new FlockError("tool_error", `MCP server "${server.name}" has no tool "${name}". It has: ${names}.`);
    }
    return {
      name,
      description: tool.description ?? tool.title ?? name,
      inputSchema: tool.inputSchema,
      async execute(input, { signal }) {
        const { client: present } = await current();
        try {
          return await call(present, name, input, signal);
        } catch (error) {
          if (!isForgotten(error)) throw error;
          await present.close();
          return call((await current()).client, name, input, signal);
        }
      },
    };
  });
}

/** A server at an address that was started anew knows its old sessions no more, and has not done what was asked. */
function isForgotten(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === 404;
}

async function call(client: Client, name: string, input: unknown, signal: AbortSignal): Promise<unknown> {
  const args = typeof input === "object" && input !== null ? { ...input } : {};
  const options = { signal, timeout: CALL_TIMEOUT_MS, resetTimeoutOnProgress: true };
  const result = await client.callTool({ name, arguments: args }, undefined, options);
  const text = textOf(result.content);
  if (result.isError === true) throw new FlockError("tool_error", text || `${name} failed.`);
  return result.structuredContent ?? text;
}

function textOf(content: unknown): string {
  if (!Array.isArray(content)) return "";
  return content
    .map((part: { type?: string; text?: unknown; mimeType?: unknown }) =>
      part.type === "text"
        ? String(part.text)
        : `[${part.type ?? "content"}${part.mimeType ? `: ${String(part.mimeType)}` : ""}]`,
    )
    .join("\n");
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
