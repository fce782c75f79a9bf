import { once } from "node:events";
import { expect, test } from "vitest";
import { Command, file, flockdeck, parse, scratch, tell } from "./command.testing.js";
import { expectShapes, follow, number, ofType, payloads, record, text } from "./messages.testing.js";
import { mockModel } from "./mock-model.testing.js";

const ECHO = `
name: Echo
model: demo/echo?tps=2000&chunk=4
types:
  Line: { type: object, properties: { text: { type: string } }, required: [text] }
  Said: text
agents:
  - name: parrot
    description: Say it again.
    consumes: [Line]
    publishes: [Said]
publish:
  Line: { text: from the file }
`;

const SLOW = ECHO.replace("tps=2000&chunk=4", "tps=20&chunk=2");
const LONG = `Line=${JSON.stringify({ text: "abcdefghij".repeat(200) })}`;

test("--version prints the version alone", async () => {
  const { code, stdout, stderr } = await flockdeck(["--version"]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^(flockdeck )?\d+\.\d+\.\d+\S*\n$/);
});

test("--help names every flag and fits a screen", async () => {
  const { code, stdout } = await flockdeck(["--help"]);
  expect(code).toBe(0);
  for (const flag of [
    ..."--cli --publish --json --model --timeout --serve --dashboard --host --port --watch-token".split(" "),
    ..."--control-token --max-viewers --validate --version --help".split(" "),
  ]) {
    expect(stdout).toContain(flag);
  }
  expect(stdout.split("\n").length).toBeLessThanOrEqual(41);
  expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
});

test("NDJSON: hello first, then the whole story of a workflow, nothing else on standard output", async () => {
  const { code, messages } = await tell(file(ECHO));
  expect(code).toBe(0);
  expectShapes(messages);
  expect(messages[0]).toMatchObject({
    type: "hello",
    protocol: 1,
    runtime_mode: "cli",
    limits: { retained_chars: 102_400, flush_interval_ms: 50, max_frame_bytes: 65_536 },
    agents: [
      {
        name: "parrot",
        description: "Say it again.",
        consumes: ["Line"],
        publishes: ["Said"],
        model: "demo/echo?tps=2000&chunk=4",
      },
    ],
  });
  expect(Object.keys(record(messages[0]?.artifact_types)).sort()).toEqual(["Line", "Said"]);
  const streams = [...follow(messages).values()];
  expect(streams.map((stream) => stream.text)).toEqual(["from the file"]);
  expect(streams[0]?.complete).toMatchObject({ status: "completed", length: 13, full_content: "from the file" });

  const order = messages.map((message) => message.type).filter((type) => type !== "stream_chunk");
  expect(order.filter((type) => type !== "hello" && type !== "sync_complete")).toEqual([
    "workflow_started",
    "artifact_published",
    "agent_activated",
    "stream_started",
    "stream_complete",
    "artifact_published",
    "agent_completed",
    "workflow_finished",
  ]);
  expect(messages.at(-1)).toMatchObject({ type: "workflow_finished", status: "completed" });
  const workflow = messages.at(-1)?.correlation_id;
  for (const type of ["workflow_started", "agent_activated", "stream_started", "agent_completed"]) {
    expect(ofType(messages, type)[0]?.correlation_id).toBe(workflow);
  }
  expect(ofType(messages, "artifact_published").map((message) => record(message.artifact).correlation_id)).toEqual([
    workflow,
    workflow,
  ]);
  const started = number(ofType(messages, "stream_started")[0]?.started_at);
  expect(Math.abs(started - Date.now())).toBeLessThan(600_000);
});

test("--publish takes JSON, a file, and may be repeated", async () => {
  const input = file(JSON.stringify({ text: "two" }), "line.json");
  const { code, messages } = await tell(file(ECHO), [
    "--publish",
    'Line={"text":"one = uno"}',
    "--publish",
    `Line=@${input}`,
    "--publish",
    "Line=@line.json",
  ]);
  expect(code).toBe(0);
  expect(
    payloads(messages, "Said")
      .map((payload) => record(payload).text)
      .sort(),
  ).toEqual(["one = uno", "two", "two"]);
  const workflows = (type: string) =>
    ofType(messages, type)
      .map((message) => message.correlation_id)
      .sort();
  expect(workflows("workflow_finished")).toEqual(workflows("workflow_started"));
});

test.each([
  ["a type that the file does not have", 'Nope={"text":"x"}', /Nope/],
  ["JSON that is none", "Line={text}", /JSON/i],
  ["a payload that does not fit", 'Line={"txt":1}', /text/],
  ["a file that is not there", "Line=@missing.json", /missing\.json/],
  ["no equals sign", "Line", /Line|Type=/],
])("--publish with %s is wrong usage", async (_, value, words) => {
  const { code, stdout, stderr } = await flockdeck(["--cli", file(ECHO), "--json", "--publish", value]);
  expect(code).toBe(2);
  expect(stderr).toMatch(words);
  expect(ofType(parse(stdout), "artifact_published")).toEqual([]);
});

test.each([
  ["an unknown option", ["--nonsense"]],
  ["--cli without a file", ["--cli"]],
  ["--serve without a file", ["--serve"]],
  ["--validate without a file", ["--validate"]],
  ["a file that is not there", ["--cli", "missing.yaml"]],
  ["a file to serve that is not there", ["--serve", "missing.yaml"]],
  ["a timeout that is no number", ["--cli", "FILE", "--timeout", "soon"]],
  ["a negative timeout", ["--cli", "FILE", "--timeout", "-1"]],
  ["a port that is none", ["--serve", "FILE", "--port", "99999"]],
  ["a count that is none", ["--serve", "FILE", "--max-viewers", "many"]],
  ["two modes at once", ["--cli", "FILE", "--serve"]],
  ["two files", ["--cli", "FILE", "FILE"]],
  ["an option without its value", ["--cli", "FILE", "--publish"]],
])("wrong usage exits 2 and says what to type: %s", async (_, args) => {
  const flock = file(ECHO);
  const { code, stdout, stderr } = await flockdeck(args.map((arg) => (arg === "FILE" ? flock : arg)));
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr.trim().split("\n").length).toBeLessThanOrEqual(3);
  expect(stderr).not.toMatch(/\n\s+at /);
});

test("--model replaces the model of every agent", async () => {
  const { code, messages } = await tell(file(ECHO), ["--model", "demo/echo?tps=0"]);
  expect(code).toBe(0);
  expect(ofType(messages, "stream_started").map((message) => message.model)).toEqual(["demo/echo?tps=0"]);
  expect(payloads(messages, "Said")).toEqual([{ text: "from the file" }]);
});

test("a failed workflow exits 1", async () => {
  const { code, messages } = await tell(file(ECHO), ["--model", "demo/fail?after=8&how=error"]);
  expect(code).toBe(1);
  expect(messages.at(-1)).toMatchObject({ type: "workflow_finished", status: "failed" });
});

test("--timeout ends the run: text kept, the workflow told as over, exit 1", async () => {
  const { code, messages } = await tell(file(SLOW), ["--publish", LONG, "--timeout", "1"]);
  expect(code).toBe(1);
  const [stream] = [...follow(messages).values()];
  expect(stream?.complete?.status).not.toBe("completed");
  expect("abcdefghij".repeat(200).startsWith(stream?.text ?? "-")).toBe(true);
  expect(stream?.text.length).toBeGreaterThan(0);
  expect(messages.at(-1)?.type).toBe("workflow_finished");
  expect(messages.at(-1)?.status).not.toBe("completed");
});

test.each(["SIGINT", "SIGTERM"] as const)("%s once cancels, tells what there is, and exits 130", async (signal) => {
  const run = new Command(["--cli", file(SLOW), "--json", "--publish", LONG]);
  await run.until(() => ofType(run.messages(), "stream_chunk").length > 1);
  run.child.kill(signal);
  const { code, stdout } = await run.finished;
  expect(code).toBe(130);
  const messages = parse(stdout);
  const [stream] = [...follow(messages).values()];
  expect(stream?.complete).toMatchObject({ status: "cancelled" });
  expect(stream?.text.length).toBeGreaterThan(0);
  expect(messages.at(-1)).toMatchObject({ type: "workflow_finished", status: "cancelled" });
});

test("SIGINT twice leaves at once with 130, where once waits for a reader that does not read", async () => {
  const model = await mockModel((answer) => {
    answer.open().text("never ends");
  });
  const flock = file(`name: Unread
providers:
  local: { type: openai-compatible, base_url: "${model.url}", api_key_env: MOCK_KEY }
types: { Line: text, Huge: text, Said: text }
agents:
  - { name: author, description: Write., consumes: [Line], publishes: [{ types: [Huge], fan_out: 16 }], model: "demo/essay?tps=0&chars=100000" }
  - { name: reader, description: Read., consumes: [${Array(16).fill("Huge").join(", ")}], publishes: [Said], model: local/small }
publish: { Line: { text: x } }
`);
  const run = new Command(["--cli", flock, "--json"], { env: { MOCK_KEY: "sk-contract" } });
  const exited = once(run.child, "exit");
  await run.until(() => run.messages()[0]);
  run.child.stdout.pause();
  const asked = await model.first;
  run.child.kill("SIGINT");
  await asked.closed;
  // It was stopped, and has a megabyte left to tell.
  expect(run.child.exitCode).toBeNull();
  run.child.kill("SIGINT");
  expect(await exited).toEqual([130, null]);
  run.child.stdout.resume();
  await run.finished;
});

test("a reader that goes away ends the program quietly", async () => {
  const run = new Command(["--cli", file(SLOW), "--json", "--publish", LONG]);
  await run.until(() => run.messages()[0]);
  run.child.stdout.destroy();
  const { code, signal, stderr } = await run.finished;
  expect([signal, stderr]).toEqual([null, ""]);
  expect(code).not.toBe(2);
});

test("without --json and without a terminal: plain text, one block per stream, no control codes", async () => {
  const { code, stdout, stderr } = await flockdeck(["--cli", file(ECHO)]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("from the file");
  expect(stdout).toContain("parrot");
  expect([...stdout].filter((char) => char !== "\n" && char < " ")).toEqual([]);
});

test("with --json every run streams at the same time; without, the texts are whole and apart", async () => {
  const agents = Array.from({ length: 8 }, (_, index) => ({
    name: `a${index}`,
    description: "Repeat.",
    consumes: ["Line"],
    publishes: ["Said"],
  }));
  const flock = file(
    ECHO.replace("tps=2000&chunk=4", "tps=40&chunk=4").replace(
      /agents:[\s\S]*?publish:\n {2}Line/,
      `agents: ${JSON.stringify(agents)}\npublish:\n  Line`,
    ),
  );
  const line = `Line=${JSON.stringify({ text: "0123456789".repeat(8) })}`;
  const { messages } = await tell(flock, ["--publish", line]);
  const starts = messages.findLastIndex((message) => message.type === "stream_started");
  const ends = messages.findIndex((message) => message.type === "stream_complete");
  expect(ofType(messages, "stream_started")).toHaveLength(8);
  expect(starts).toBeLessThan(ends);
  expect(new Set(ofType(messages.slice(0, ends), "stream_chunk").map((chunk) => chunk.stream_id)).size).toBe(8);

  const plain = await flockdeck(["--cli", flock, "--publish", line]);
  expect(plain.code).toBe(0);
  expect(plain.stdout.split("0123456789".repeat(8))).toHaveLength(9);
});

test("the working folder does not matter", async () => {
  file(ECHO, "here.yaml");
  const { code, messages } = await tell("here.yaml", [], { cwd: scratch() });
  expect(code).toBe(0);
  expect(text(record(payloads(messages, "Said")[0]).text)).toBe("from the file");
});
