import { spawn } from "node:child_process";
import { beforeAll, describe, expect, test } from "vitest";
import type { ServerMessage } from "../protocol/index.js";
import { builtCli, exampleFile, flockFile, messagesOf, runPiped, startPiped } from "./drive.testing.js";

beforeAll(async () => {
  await builtCli();
}, 60_000);

const FLOCK = `
name: Three
model: demo/echo?tps=400
types: { T: { type: object, properties: { s: { type: string } }, required: [s] }, A: text, F: text }
agents:
  - { name: slow, consumes: [T], publishes: [A], model: demo/echo?tps=100 }
  - { name: quick, consumes: [T], publishes: [A] }
  - { name: last, consumes: [A, A], publishes: [F] }
publish: { T: { s: "# One **two** three, four, five, six, seven, eight, nine, ten, eleven, twelve" } }
`;

const endOf = (messages: readonly ServerMessage[]) =>
  messages.flatMap((message) => (message.type === "workflow_finished" ? [message] : []))[0];

describe("plain text", () => {
  test("is one block for each finished stream, in the order in which they started", async () => {
    const { code, stdout, stderr } = await runPiped(["--cli", await flockFile(FLOCK)]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.match(/^== .*/gm)?.map((line) => line.split(" · ").slice(0, 2).join(" "))).toEqual([
      "== slow A",
      "== quick A",
      "== last F",
      expect.stringMatching(/^== 3 runs completed in \d+s, \d+ tok$/),
    ]);
    expect(stdout.match(/# One \*\*two\*\* three/g)).toHaveLength(3);
    expect([...stdout].filter((char) => /\p{Cc}/u.test(char) && char !== "\n")).toEqual([]);
  });

  test("keeps a model's control codes to itself", async () => {
    const file = await flockFile(FLOCK);
    const { stdout } = await runPiped(["--cli", file, "--publish", 'T={"s":"red \\u001b[31m bell \\u0007"}']);
    expect(stdout).toContain("red [31m bell");
    expect(stdout).not.toContain("\u001b");
  });

  test("a failure is told, and is exit code 1", async () => {
    const file = await flockFile(FLOCK.replace("demo/echo?tps=100", "demo/fail?after=20&how=error&tps=0"));
    const { code, stdout } = await runPiped(["--cli", file]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/== slow · A · demo\/fail.* · failed/);
    expect(stdout).toMatch(/^! .*\(\w+\)$/m);
    expect(stdout).toMatch(/1 failed/);
  });

  test("--timeout stops, prints what there is, and is exit code 1", async () => {
    const file = await flockFile(FLOCK.replace("demo/echo?tps=100", "demo/fail?after=20&how=stall&tps=0"));
    const { code, stdout, stderr } = await runPiped(["--cli", file, "--timeout", "0.5"]);
    expect(code).toBe(1);
    expect(stderr).toBe("flockdeck: Timed out after 0.5 s.\n");
    expect(stdout).toMatch(/== slow · A · .* · stopped/);
    expect(stdout).toMatch(/== quick · A · .* · completed/);
  });

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "%s cancels, prints what there is, and is exit code 130",
    async (signal) => {
      const file = await flockFile(
        FLOCK.replace("demo/echo?tps=100", "demo/fail?after=20&how=stall&tps=0").replace(
          "demo/echo?tps=400",
          "demo/echo?tps=2000",
        ),
      );
      const piped = await startPiped(["--cli", file, "--json"]);
      await piped.until((stdout) => stdout.includes('"stream_complete"'));
      piped.child.kill(signal);
      expect(await piped.exit).toEqual({ code: 130, signal: null });
      const messages = messagesOf(piped.stdout());
      expect(endOf(messages)?.status).toBe("cancelled");
      expect(messages.some((message) => message.type === "stream_complete" && message.status === "cancelled")).toBe(
        true,
      );
    },
  );
});

describe("a flock with schedules and no input", () => {
  const scheduled = (schedule: string, model = "demo/echo?tps=0") =>
    flockFile(
      `model: ${model}\ntypes: { Tick: text, Tock: text }\nagents:\n  - { name: clock, schedule: ${schedule}, publishes: [Tick] }\n  - { name: reader, consumes: [Tick], publishes: [Tock] }\n`,
    );
  const told = (messages: readonly ServerMessage[]) =>
    messages.flatMap((message) => (message.type === "artifact_published" ? [message.artifact.type] : []));

  test("runs by the clock until it is interrupted", async () => {
    const piped = await startPiped(["--cli", await scheduled("{ every: 50ms }"), "--json"]);
    await piped.until((stdout) => stdout.split('"workflow_finished"').length > 3);
    piped.child.kill("SIGINT");
    expect(await piped.exit).toEqual({ code: 130, signal: null });
    expect(told(messagesOf(piped.stdout())).slice(0, 4)).toEqual(["Tick", "Tock", "Tick", "Tock"]);
    expect(piped.stderr()).toBe("flockdeck: There is no input; agents run by their schedules. Stop with Ctrl-C.\n");
  });

  test("ends by itself after the last of its times", async () => {
    const { code, stdout } = await runPiped(["--cli", await scheduled("{ at: 2020-01-01T00:00:00Z }"), "--json"]);
    expect(code).toBe(0);
    expect(told(messagesOf(stdout))).toEqual(["Tick", "Tock"]);
  });

  test("ends well when its time is up between two runs, and fails when one is cut off", async () => {
    const between = await runPiped(["--cli", await scheduled("{ every: 1h }"), "--timeout", "0.2"]);
    expect({ code: between.code, stdout: between.stdout }).toEqual({ code: 0, stdout: "== 0 runs completed in 0s\n" });
    const during = await runPiped([
      "--cli",
      await scheduled("{ every: 50ms }", "demo/fail?after=2&how=stall&tps=0"),
      "--timeout",
      "0.6",
    ]);
    expect(during.code).toBe(1);
    expect(during.stderr).toMatch(/Timed out after 0\.6 s\.\n$/);
  });
});

describe.skipIf(process.platform === "win32")("nohup", () => {
  const BY_NAME = 'nohup "$0" "$@"';
  /** What it makes of a standard input that is a terminal. */
  const BY_INPUT = '"$0" "$@" 0>/dev/null';
  const startByNohup = async (how: string, ...args: string[]) => {
    const script = `${how} & echo "$!" >&2; wait "$!"; echo "exit $?"`;
    const child = spawn("bash", ["-c", script, process.execPath, await builtCli(), ...args]);
    let stdout = "";
    let stderr = "";
    const waiting = new Set<() => void>();
    const take = (text: string, to: "stdout" | "stderr") => {
      if (to === "stdout") stdout += text;
      else stderr += text;
      for (const check of [...waiting]) check();
    };
    child.stdout.on("data", (data) => take(String(data), "stdout"));
    child.stderr.on("data", (data) => take(String(data), "stderr"));
    const until = (holds: () => boolean) =>
      new Promise<void>((resolve) => {
        const check = () => {
          if (!holds()) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      });
    const ended = new Promise((resolve) => child.on("close", resolve));
    return {
      until,
      ended,
      stdout: () => stdout,
      kill: (signal: NodeJS.Signals) => process.kill(Number(/^\d+$/m.exec(stderr)?.[0]), signal),
    };
  };

  test.skipIf(process.platform !== "linux").each([BY_NAME, BY_INPUT])(
    "%s goes on though its terminal hangs up",
    async (how) => {
      const run = await startByNohup(how, "--cli", await flockFile(FLOCK), "--json");
      await run.until(() => run.stdout().includes('"stream_started"'));
      run.kill("SIGHUP");
      await run.ended;
      expect(run.stdout()).toMatch(/exit 0\n$/);
      expect(endOf(messagesOf(run.stdout().replace(/exit 0\n$/, "")))?.status).toBe("completed");
    },
  );

  test("a server goes on, too", async () => {
    const server = await startByNohup(BY_NAME, "--serve", await flockFile(FLOCK), "--port", "0", "--json");
    await server.until(() => server.stdout().includes('"listening"'));
    const { url } = JSON.parse(server.stdout());
    server.kill("SIGHUP");
    expect((await fetch(new URL("/healthz", url))).status).toBe(200);
    server.kill("SIGTERM");
    await server.ended;
    expect(server.stdout()).toMatch(/exit 0\n$/);
  });
});

describe("--json", () => {
  test("is the protocol, hello first, with every unit of every stream", async () => {
    const { code, stdout, stderr } = await runPiped(["--cli", await flockFile(FLOCK), "--json"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const messages = messagesOf(stdout);
    expect(messages[0]).toMatchObject({ type: "hello", protocol: 1, runtime_mode: "cli", role: "watch" });
    const texts = new Map<string, string>();
    for (const message of messages) {
      if (message.type === "stream_started") texts.set(message.stream_id, "");
      if (message.type === "stream_chunk") {
        expect(message.offset).toBe(texts.get(message.stream_id)?.length);
        texts.set(message.stream_id, texts.get(message.stream_id) + message.chunk);
      }
      if (message.type === "stream_complete") expect(texts.get(message.stream_id)).toBe(message.full_content);
    }
    expect([...texts.values()].map((text) => text.slice(0, 5))).toEqual(["# One", "# One", "# One"]);
    expect(endOf(messages)?.status).toBe("completed");
  });

  test("streams run in parallel", async () => {
    const { stdout } = await runPiped(["--cli", await flockFile(FLOCK), "--json"]);
    const kinds = messagesOf(stdout).flatMap((message) =>
      message.type === "stream_started" || message.type === "stream_complete" ? [message.type] : [],
    );
    expect(kinds.slice(0, 2)).toEqual(["stream_started", "stream_started"]);
  });

  test("32 agents take at most one and a half times as long as one", async () => {
    const agents = (count: number) =>
      Array.from({ length: count }, (_, i) => `  - { name: a${i}, consumes: [T], publishes: [A] }`).join("\n");
    const file = (count: number) =>
      flockFile(
        `model: demo/essay?tps=200&chars=1200\ntypes: { T: { type: object }, A: text }\nagents:\n${agents(count)}\npublish: { T: {} }\n`,
      );
    const durationOf = async (count: number) =>
      endOf(messagesOf((await runPiped(["--cli", await file(count), "--json"])).stdout))?.duration ?? Number.NaN;
    const one = await durationOf(1);
    expect((await durationOf(32)) / one).toBeLessThanOrEqual(1.5);
  });

  test("a reader that is slow slows nothing but its own pipe", async () => {
    const file = await flockFile(
      `model: demo/essay?tps=0&chars=90000\ntypes: { T: { type: object }, A: text }\nagents:\n${Array.from({ length: 40 }, (_, i) => `  - { name: a${i}, consumes: [T], publishes: [A] }`).join("\n")}\npublish: { T: {} }\n`,
    );
    const piped = await startPiped(["--cli", file, "--json"]);
    await piped.until((stdout) => stdout.includes("\n"));
    // Nobody reads until long after the whole run could be over: several megabytes wait in the relay.
    piped.child.stdout.pause();
    const quick = endOf(messagesOf((await runPiped(["--cli", file, "--json"])).stdout));
    const resumed = Date.now();
    piped.child.stdout.resume();
    expect((await piped.exit).code).toBe(0);
    const messages = messagesOf(piped.stdout());
    const slow = endOf(messages);
    expect(quick?.status).toBe("completed");
    expect(slow?.timestamp).toBeLessThan(resumed);
    const completed = messages.flatMap((message) =>
      message.type === "stream_complete" ? [message.full_content?.length] : [],
    );
    expect(completed).toEqual(Array.from({ length: 40 }, () => 90_000));
  });
});

/** What a shell's pipe says, and the program's own exit code. */
async function inShell(command: string, args: readonly string[]) {
  const child = spawn("sh", ["-c", command, process.execPath, await builtCli(), ...args]);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data) => {
    stdout += data;
  });
  child.stderr.on("data", (data) => {
    stderr += data;
  });
  await new Promise((resolve) => child.on("close", resolve));
  const [code = ""] = /\d+$/.exec(stdout.trimEnd()) ?? [];
  return { code: Number(code), stdout: stdout.slice(0, stdout.lastIndexOf("exit")), stderr };
}

describe("a pipe that its reader closes ends the program quietly, as interrupted if anything was under way", () => {
  const head = 'codes=$(mktemp); { "$0" "$@"; echo $? >"$codes"; } | head -1; echo "exit $(cat "$codes")"; rm "$codes"';

  test("with --json", async () => {
    const { code, stdout, stderr } = await inShell(head, ["--cli", exampleFile("newsroom"), "--json"]);
    expect(messagesOf(stdout).map((message) => message.type)).toEqual(["hello"]);
    expect({ code, stderr }).toEqual({ code: 130, stderr: "" });
  });

  test("as plain text", async () => {
    const { code, stdout, stderr } = await inShell(head, ["--cli", await flockFile(FLOCK)]);
    expect(stdout).toMatch(/^== slow · A · [^\n]*\n$/);
    expect(stderr).toBe("");
    // That the reader is gone shows with the next block, which may be the last.
    expect([0, 130]).toContain(code);
  });
});

describe.skipIf(process.platform !== "linux")("output that cannot be written is told once, and is exit code 1", () => {
  const full = 'if "$0" "$@" >/dev/full; then echo exit 0; else echo "exit $?"; fi';

  test.each([
    ["--cli FILE --json", ["--json"]],
    ["--cli FILE", []],
  ])("%s", async (_what, args) => {
    const { code, stderr } = await inShell(full, ["--cli", await flockFile(FLOCK), ...args]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "flockdeck: The output cannot be written: there is no space left.\n",
    });
  });

  test("--help", async () => {
    const { code, stderr } = await inShell(full, ["--help"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/no space left/);
  });
});

describe("wrong usage and invalid files are exit code 2", () => {
  test.each([
    [["--cli"], /--cli needs a flock file/],
    [["--cli", "nowhere.yaml"], /^nowhere\.yaml:1:1: error: There is no such file\./],
    [["--validate", "nowhere.yaml", "--json"], /--json does not go with --validate/],
    [
      ["--cli", exampleFile("newsroom"), "--publish", "Topik={}"],
      /Topik[^.]*\. Mend what --publish says.*\. The types are: .*Topic.*\.\n$/,
    ],
    [["--cli", exampleFile("newsroom"), "--publish", "Topic={}"], /\$\.title:? is required/],
    [["--cli", exampleFile("newsroom"), "--model", "nope"], /--model: "nope" is not a model name/],
    [["--cli", exampleFile("newsroom"), "--model", ""], /--model: "" is not a model name\. Write PROVIDER\/MODEL/],
    [["--cli", exampleFile("newsroom"), "--model", "demo/novel"], /--model: There is no demo model/],
    [["--cli", exampleFile("newsroom"), "--publish", "Topic=nonsense"], /is not JSON/],
  ])("%j", async (args, words) => {
    const { code, stdout, stderr } = await runPiped(args);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(words);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  test("a file without a sample asks for --publish", async () => {
    const { code, stderr } = await runPiped([
      "--cli",
      await flockFile("types: { A: text }\nagents: [{ name: a, consumes: [A] }]\n"),
    ]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/no publish: sample\. Type --publish 'TYPE=\{…\}', where TYPE is one of: A\./);
  });

  test("--validate tells every fault, one a line, and the place", async () => {
    const file = await flockFile("model: nope/x\ntypes: { A: text, B: txt }\nagents: [{ name: a, consumes: [C] }]\n");
    const { code, stdout } = await runPiped(["--validate", file]);
    expect(code).toBe(2);
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.slice(file.length).split(" ").slice(0, 2).join(" ")),
    ).toEqual([":1:8: error:", ":2:10: warning:", ":2:19: warning:", ":2:22: error:", ":3:32: error:"]);
  });

  test("a payload that nests too deep is told, in one line", async () => {
    const deep = `Topic=${"[".repeat(8_000)}${"]".repeat(8_000)}`;
    const { code, stderr } = await runPiped(["--cli", exampleFile("newsroom"), "--publish", deep]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^flockdeck: Topic: \$: nests deeper than 128 levels\. Mend what --publish says.*\n$/);
  });

  test("a fault is one line, whatever was typed", async () => {
    const { code, stderr } = await runPiped(["--cli", exampleFile("newsroom"), "--publish", "a\nb\u001b[31m"]);
    expect({ code, lines: stderr.split("\n").length, hasCodes: stderr.includes("\u001b") }).toEqual({
      code: 2,
      lines: 2,
      hasCodes: false,
    });
  });

  test("an agent that waits for what only --publish or a program gives is no error, and no warning with --publish", async () => {
    const file = await flockFile(
      "model: demo/echo?tps=0\ntypes: { T: { type: object }, U: text }\nagents: [{ name: a, consumes: [T] }, { name: b, consumes: [U] }]\npublish: { T: {} }\n",
    );
    const validated = await runPiped(["--validate", file]);
    expect(validated.code).toBe(0);
    expect(validated.stdout).toMatch(/warning: Nothing can trigger b: U never reaches it\./);
    const published = await runPiped(["--cli", file, "--publish", 'U={"text":"x"}']);
    expect({ code: published.code, stderr: published.stderr }).toEqual({ code: 0, stderr: "" });
  });

  test.each(["newsroom", "compare-models", "wide"])("--validate finds no error in %s", async (name) => {
    const { code, stdout } = await runPiped(["--validate", exampleFile(name)]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/: valid/);
  });
});

test("--publish may be repeated, and all goes into one workflow", async () => {
  const file = await flockFile(
    "model: demo/echo\ntypes: { T: { type: object }, U: { type: object }, A: text }\nagents: [{ name: a, consumes: [T, U], publishes: [A] }]\n",
  );
  const { code, stdout } = await runPiped([
    "--cli",
    file,
    "--json",
    "--publish",
    'T={"s":"x"}',
    "--publish",
    'U={"s":"y"}',
  ]);
  expect(code).toBe(0);
  expect(messagesOf(stdout).filter((message) => message.type === "stream_complete")).toHaveLength(1);
});

test("--model stands in for every model of the file", async () => {
  const { stdout } = await runPiped(["--cli", await flockFile(FLOCK), "--json", "--model", "demo/echo?tps=0"]);
  const models = messagesOf(stdout).flatMap((message) => (message.type === "stream_started" ? [message.model] : []));
  expect(new Set(models)).toEqual(new Set(["demo/echo?tps=0"]));
});
