// A real MCP server over standard input and output, for the tests: built with the official SDK.
import { appendFileSync } from "node:fs";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { z } from "zod";

const server = new McpServer({ name: "test", version: "1" });
const answer = (text) => ({ content: [{ type: "text", text }] });

server.registerTool("add", { description: "Adds.", inputSchema: { a: z.number(), b: z.number() } }, ({ a, b }) =>
  answer(String(a + b)),
);
server.registerTool("fail", { description: "Fails.", inputSchema: {} }, () => {
  throw new Error("the well is dry");
});
server.registerTool("wait", { description: "Never answers.", inputSchema: {} }, () => new Promise(() => {}));
server.registerTool("secret", { description: "Not for agents.", inputSchema: {} }, () =>
  answer(process.env.FLOCKDECK_TEST_SECRET ?? "unset"),
);
server.registerTool("exit", { description: "Ends the program.", inputSchema: {} }, () => process.exit(0));
const [, , starts] = process.argv;
if (starts !== undefined) appendFileSync(starts, `${process.pid}\n`);
await server.connect(new StdioServerTransport());
