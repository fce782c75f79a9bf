import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { startRuntime } from "./index.js";

const toolServer = fileURLToPath(new URL("../engines/mcp/mcp-server.testing.mjs", import.meta.url));

let server: Server | undefined;
afterEach(() => server?.close());

/** An OpenAI-compatible endpoint that notes which tools it is offered, and answers `done`. */
async function endpoint(offered: Map<string, string[]>): Promise<string> {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (data) => {
      body += data;
    });
    request.on("end", () => {
      const asked: { model: string; tools?: { function: { name: string } }[] } = JSON.parse(body);
      offered.set(
        asked.model,
        (asked.tools ?? []).map((tool) => tool.function.name),
      );
      const chunk = (delta: object, finish: string | null) =>
        `data: ${JSON.stringify({ id: "1", object: "chat.completion.chunk", created: 1, model: asked.model, choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(`${chunk({ role: "assistant", content: "done" }, null)}${chunk({}, "stop")}data: [DONE]\n\n`);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/v1`;
}

test("each agent's model is offered the tools that the agent names, and no other", async () => {
  const offered = new Map<string, string[]>();
  const text = `
providers: { local: { base_url: ${await endpoint(offered)} } }
mcp_servers: { test: { command: ${JSON.stringify(process.execPath)}, args: [${JSON.stringify(toolServer)}], allow: [add, fail] } }
types: { T: text, A: text }
agents:
  - { name: one, consumes: [T], publishes: [A], model: local/one, tools: [test/add] }
  - { name: both, consumes: [T], publishes: [A], model: local/both, tools: [test] }
  - { name: none, consumes: [T], publishes: [A], model: local/none }
publish: { T: { text: hello } }
`;
  const runtime = await startRuntime({ source: { text, name: "tools" }, mode: "test" });
  await runtime.publishAll();
  await runtime.idle();
  expect(Object.fromEntries(offered)).toEqual({ one: ["add"], both: ["add", "fail"], none: [] });
  expect(runtime.flock.board.list({ type: "A" })).toHaveLength(3);
  await runtime.shutdown();
});

test("a sample of several artifacts is one workflow, complete before any of it ends", async () => {
  const text = `
model: demo/echo
types: { T: text, U: text, A: text }
agents: [{ name: a, consumes: [T, U], publishes: [A] }]
publish: { T: { text: t }, U: { text: u } }
`;
  const runtime = await startRuntime({ source: { text, name: "two" }, mode: "test" });
  const kinds: string[] = [];
  runtime.flock.on((event) => kinds.push(event.type));
  await runtime.publishAll();
  await runtime.idle();
  expect(kinds.filter((kind) => kind.startsWith("workflow"))).toEqual(["workflow_started", "workflow_finished"]);
  await runtime.shutdown();
});
