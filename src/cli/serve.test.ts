import { readFile } from "node:fs/promises";
import { get } from "node:http";
import { createServer } from "node:net";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { builtCli, flockFile, type Piped, startPiped } from "./drive.testing.js";

beforeAll(async () => {
  await builtCli();
}, 60_000);

const FLOCK = `
name: Served
model: demo/echo?tps=50
types: { T: { type: object, properties: { s: { type: string } }, required: [s] }, A: text }
agents: [{ name: a, consumes: [T], publishes: [A] }]
`;

interface Serving {
  readonly piped: Piped;
  readonly url: string;
  readonly watch: string;
  readonly control: string;
}

async function serve(args: readonly string[] = [], env: Record<string, string> = {}): Promise<Serving> {
  const piped = await startPiped(["--serve", await flockFile(FLOCK), "--port", "0", "--json", ...args], env);
  await piped.until((stdout) => stdout.includes("\n"));
  const line = JSON.parse(piped.stdout().split("\n")[0] ?? "");
  expect(Object.keys(line)).toEqual(["type", "url", "watch_token", "control_token"]);
  return { piped, url: line.url, watch: line.watch_token, control: line.control_token };
}

async function stop(serving: Serving): Promise<void> {
  serving.piped.child.kill("SIGTERM");
  await serving.piped.exit;
}

async function publish({ url, control }: Serving, text: string): Promise<Response> {
  return fetch(`${url}/api/v1/artifacts`, {
    method: "POST",
    headers: { authorization: `Bearer ${control}`, "content-type": "application/json" },
    body: JSON.stringify({ type: "T", payload: { s: text } }),
  });
}

describe("--serve", () => {
  test("tells where it listens, serves, logs as JSON, and prints nothing else", async () => {
    const serving = await serve();
    expect(await (await fetch(`${serving.url}/healthz`)).json()).toMatchObject({ status: "ok", runtime_mode: "api" });
    expect((await publish(serving, "hello")).status).toBe(202);
    const metrics = await fetch(`${serving.url}/metrics`, { headers: { authorization: `Bearer ${serving.watch}` } });
    expect(await metrics.text()).toMatch(/streams_live/);
    await stop(serving);
    expect(serving.piped.stdout().split("\n")).toHaveLength(2);
    const logs = serving.piped
      .stderr()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(logs.map((log) => log.msg)).toEqual(
      expect.arrayContaining(["listening", "workflow started", "draining", "stopped"]),
    );
    expect(serving.piped.stderr()).not.toContain(serving.control);
  });

  test("SIGTERM in mid-stream hands over what was written, closes, and is exit code 0 within two seconds", async () => {
    const serving = await serve();
    const events = await fetch(`${serving.url}/api/v1/events`, {
      headers: { authorization: `Bearer ${serving.watch}` },
    });
    const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();
    let received = "";
    const read = async (until: (text: string) => boolean) => {
      while (reader !== undefined && !until(received)) {
        const { done, value } = await reader.read();
        if (done) return;
        received += value;
      }
    };
    await publish(serving, "x".repeat(4000));
    await read((text) => text.includes("stream_chunk"));
    const asked = Date.now();
    serving.piped.child.kill("SIGTERM");
    await read(() => false);
    expect(await serving.piped.exit).toEqual({ code: 0, signal: null });
    expect(Date.now() - asked).toBeLessThan(2_000);
    const complete = received
      .split("\n")
      .find((line) => line.startsWith("data:") && line.includes('"stream_complete"'));
    expect(JSON.parse(complete?.slice(5) ?? "null")).toMatchObject({ status: "cancelled" });
  });

  test("tokens come from flags, then from the environment", async () => {
    const env = { FLOCKDECK_WATCH_TOKEN: "w".repeat(43), FLOCKDECK_CONTROL_TOKEN: "c".repeat(43) };
    const serving = await serve(["--watch-token", "f".repeat(43)], env);
    expect([serving.watch, serving.control]).toEqual(["f".repeat(43), "c".repeat(43)]);
    await stop(serving);
  });

  test("for people, says what to open, and keeps a given token to itself", async () => {
    const piped = await startPiped(["--serve", await flockFile(FLOCK), "--port", "0"], {
      FLOCKDECK_CONTROL_TOKEN: "c".repeat(43),
    });
    await piped.until((stdout) => stdout.includes("Ctrl-C"));
    expect(piped.stdout()).toMatch(
      /^Serving Served at http:\/\/127\.0\.0\.1:\d+ \(api mode\)\n {2}watch {4}[\w-]{43}\n {2}control {2}the token you gave\nStop with Ctrl-C\.\n$/,
    );
    piped.child.kill("SIGINT");
    expect((await piped.exit).code).toBe(130);
  });

  test("a port in use is told with what to type", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const address = taken.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const refused = await startPiped(["--serve", await flockFile(FLOCK), "--port", String(port)]);
    expect((await refused.exit).code).toBe(2);
    expect(refused.stderr()).toMatch(new RegExp(`^flockdeck: 127\\.0\\.0\\.1:${port} is in use\\. .*--port\\.\n$`));
    taken.close();
  });

  test.each([
    [
      "a token that no header can carry",
      ["--watch-token", "a/b="],
      {},
      /^flockdeck: The watch token has characters .*\n$/,
    ],
    [
      "such a token from the environment",
      [],
      { FLOCKDECK_CONTROL_TOKEN: "zwölf" },
      /^flockdeck: The control token .*\n$/,
    ],
    [
      "one token for both",
      ["--watch-token", "t"],
      { FLOCKDECK_CONTROL_TOKEN: "t" },
      /^flockdeck: .* are the same.*\n$/,
    ],
  ])("%s is told in one line, and is exit code 2", async (_what, args, env, line) => {
    const refused = await startPiped(["--serve", await flockFile(FLOCK), "--port", "0", ...args], env);
    expect((await refused.exit).code).toBe(2);
    expect(refused.stderr()).toMatch(line);
    expect(refused.stdout()).toBe("");
  });

  test("--allow-host answers to a further name, and to no other", async () => {
    const serving = await serve(["--allow-host", "deck.lan:9000"]);
    const statusAs = (host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        get(`${serving.url}/healthz`, { headers: { host } }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        }).on("error", reject);
      });
    expect([await statusAs("deck.lan:9000"), await statusAs("deck.lan")]).toEqual([200, 421]);
    await stop(serving);
  });

  test("--log-level silent logs nothing", async () => {
    const serving = await serve(["--log-level", "silent"]);
    await stop(serving);
    expect(serving.piped.stderr()).toBe("");
  });
});

test("the command of the systemd unit serves, and stops within its time", async () => {
  const unit = await readFile(path.join(import.meta.dirname, "../../docs/deploy/flockdeck.service"), "utf8");
  const command = /^ExecStart=\/usr\/bin\/env flockdeck (.*)$/m.exec(unit)?.[1] ?? "";
  const file = await flockFile(FLOCK);
  const args = command.replace("/etc/flockdeck/flock.yaml", file).replace("--port 8344", "--port 0").split(" ");
  expect(args).toContain(file);
  const piped = await startPiped(args, { HOME: path.dirname(file), FLOCKDECK_WATCH_TOKEN: "w".repeat(43) });
  await piped.until((stdout) => stdout.includes("Ctrl-C"));
  const url = /http:\/\/[^ ]+/.exec(piped.stdout())?.[0];
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const asked = Date.now();
  piped.child.kill("SIGTERM");
  expect(await piped.exit).toEqual({ code: 0, signal: null });
  const stopSeconds = Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1]);
  expect(Date.now() - asked).toBeLessThan(stopSeconds * 1000);
});

test("the command of the container is one that the command line takes", async () => {
  const dockerfile = await readFile(path.join(import.meta.dirname, "../../docs/deploy/Dockerfile"), "utf8");
  const args: string[] = JSON.parse(/^CMD (\[.*\])$/m.exec(dockerfile)?.[1] ?? "[]");
  const file = await flockFile(FLOCK);
  const piped = await startPiped(args.map((arg) => (arg === "/flock.yaml" ? file : arg === "8344" ? "0" : arg)));
  await piped.until((stdout) => stdout.includes("Ctrl-C"));
  expect(piped.stderr().match(/Other machines can reach this server/g)).toHaveLength(1);
  piped.child.kill("SIGTERM");
  expect((await piped.exit).code).toBe(0);
});
