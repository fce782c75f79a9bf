import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { AgentTool } from "../../core/engine.js";
import { type McpServerDefinition, type McpTools, openMcpTools } from "./mcp-tools.js";

const program = fileURLToPath(new URL("./mcp-server.testing.mjs", import.meta.url));
const stdio = (...allow: string[]): McpServerDefinition => ({
  name: "sums",
  command: process.execPath,
  args: [program],
  allow,
});

let opened: McpTools[] = [];
const open = (...servers: McpServerDefinition[]) => {
  const mcp = openMcpTools(servers);
  opened.push(mcp);
  return mcp;
};
afterEach(async () => {
  await Promise.all(opened.map((mcp) => mcp.close()));
  opened = [];
});

async function run(
  tool: AgentTool | undefined,
  input: unknown,
  signal = new AbortController().signal,
): Promise<unknown> {
  return tool?.execute(input, { signal });
}

describe("a server program over its standard streams", () => {
  it("offers the allowed tools, and only those, with their descriptions and schemas", async () => {
    const tools = await open(stdio("add", "fail")).tools();
    expect(tools.map((tool) => tool.name)).toEqual(["add", "fail"]);
    expect(tools[0]).toMatchObject({ description: "Adds.", inputSchema: { type: "object", required: ["a", "b"] } });
    expect(await run(tools[0], { a: 2, b: 40 })).toBe("42");
  });

  it("a tool that throws is a tool_error with its words", async () => {
    const [fail] = await open(stdio("fail")).tools();
    await expect(run(fail, {})).rejects.toMatchObject({
      code: "tool_error",
      message: expect.stringContaining("the well is dry"),
    });
  });

  it("a call ends when its run is cancelled", async () => {
    const [wait] = await open(stdio("wait")).tools();
    const cancel = new AbortController();
    const ended = expect(run(wait, {}, cancel.signal)).rejects.toThrow();
    cancel.abort();
    await ended;
  });

  it("gets none of our environment but what it is given", async () => {
    process.env.FLOCKDECK_TEST_SECRET = "leaked";
    const [secret] = await open(stdio("secret")).tools();
    expect(await run(secret, {})).toBe("unset");
    const [given] = await open({
      ...stdio("secret"),
      env: { FLOCKDECK_TEST_SECRET: "given" },
    } as McpServerDefinition).tools();
    expect(await run(given, {})).toBe("given");
    delete process.env.FLOCKDECK_TEST_SECRET;
  });

  it.each([
    [
      "an allowed tool that it does not have",
      stdio("subtract"),
      /has no tool "subtract". It has: add, fail, wait, secret, exit\./,
    ],
    [
      "a program that is not there",
      { name: "gone", command: "/no/such/program", allow: [] },
      /MCP server "gone": .*ENOENT/,
    ],
  ])("%s is told with what to mend", async (_, server, words) => {
    await expect(open(server).tools()).rejects.toMatchObject({
      code: "tool_error",
      message: expect.stringMatching(words),
    });
  });

  it("is started once, and only when first needed", async () => {
    const mcp = open(stdio("add"));
    const [first, second] = await Promise.all([mcp.tools(), mcp.tools()]);
    expect(first[0]).toBe(second[0]);
  });

  it("is started anew after it went away, also for tools that were given before", async () => {
    const mcp = open(stdio("add", "exit"));
    const [add, exit] = await mcp.tools();
    await expect(run(exit, {})).rejects.toThrow();
    expect(await run(add, { a: 1, b: 2 })).toBe("3");
    expect(await run((await mcp.tools())[0], { a: 3, b: 4 })).toBe("7");
  });

  it("is started once and ended with the others, though another server cannot be used", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "flockdeck-mcp-"));
    const starts = path.join(folder, "starts");
    const good: McpServerDefinition = {
      name: "sums",
      command: process.execPath,
      args: [program, starts],
      allow: ["add"],
    };
    const mcp = open(good, { name: "gone", command: "/no/such/program", allow: [] });
    await expect(mcp.tools()).rejects.toThrow(/"gone"/);
    await expect(mcp.tools()).rejects.toThrow(/"gone"/);
    await mcp.close();
    const [pid, ...others] = readFileSync(starts, "utf8").trim().split("\n");
    expect(others).toEqual([]);
    expect(() => process.kill(Number(pid), 0)).toThrow(/ESRCH/);
    rmSync(folder, { recursive: true });
  });

  it("is not started again once closed", async () => {
    const mcp = open(stdio("add"));
    const [add] = await mcp.tools();
    await mcp.close();
    await expect(run(add, { a: 1, b: 2 })).rejects.toMatchObject({ code: "tool_error" });
    await expect(mcp.tools()).rejects.toMatchObject({ code: "tool_error" });
  });
});

it("two servers that allow a tool of one name are told, as the model could not tell them apart", async () => {
  const mcp = open(stdio("add"), { ...stdio("add"), name: "more" });
  await expect(mcp.tools()).rejects.toMatchObject({
    code: "tool_error",
    message: expect.stringContaining('"sums" and "more" both allow "add"'),
  });
});

it("a server at an address that forgot its session is connected to anew", async () => {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  let connections = 0;
  const connect = async () => {
    const server = new McpServer({ name: "count", version: "1" });
    const connection = ++connections;
    server.registerTool("count", { description: "Counts.", inputSchema: {} }, () => ({
      content: [{ type: "text", text: String(connection) }],
    }));
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, transport),
    });
    await server.connect(transport);
    return transport;
  };
  const http = createServer(async (request, response) => {
    const id = request.headers["mcp-session-id"];
    const transport = id === undefined ? await connect() : sessions.get(String(id));
    if (transport === undefined) response.writeHead(404).end();
    else await transport.handleRequest(request, response);
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`;
  const [count] = await open({ name: "count", url, allow: ["count"] }).tools();
  expect(await run(count, {})).toBe("1");
  sessions.clear();
  expect(await run(count, {})).toBe("2");
  expect(await run(count, {})).toBe("2");
  http.closeAllConnections();
  http.close();
});

it("a server over streamable HTTP is sent its headers and called the same way", async () => {
  const authorizations = new Set<string | undefined>();
  const http = createServer(async (request, response) => {
    authorizations.add(request.headers.authorization);
    const server = new McpServer({ name: "shout", version: "1" });
    server.registerTool("shout", { description: "Shouts.", inputSchema: { text: z.string() } }, ({ text }) => ({
      content: [{ type: "text", text: text.toUpperCase() }],
    }));
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    await server.connect(transport);
    await transport.handleRequest(request, response);
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`;
  const [shout] = await open({ name: "shout", url, headers: { authorization: "Bearer t" }, allow: ["shout"] }).tools();
  expect(await run(shout, { text: "hello" })).toBe("HELLO");
  expect([...authorizations]).toEqual(["Bearer t"]);
  http.closeAllConnections();
  http.close();
});
