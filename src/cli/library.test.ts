import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { Flock, textArtifact } from "../core/index.js";
import { createEngineResolver } from "../engines/index.js";
import { streamToConsole } from "./library.js";

const Topic = textArtifact("Topic");
const Article = textArtifact("Article");

function twoVoices(options: { mode?: "dashboard" } = {}): Flock {
  const flock = new Flock({ model: "demo/echo?tps=400", resolveEngine: createEngineResolver(), ...options });
  for (const name of ["optimist", "sceptic"]) flock.agent(name).consumes(Topic).publishes(Article);
  return flock;
}

/** Keeps what is written. */
class Output extends Writable {
  text = "";
  readonly isTTY: boolean;
  readonly columns = 60;
  readonly rows = 20;

  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk;
    done();
  }
}

const TEXT = "Flight is old. ".repeat(8).trim();
const ESCAPE = "\u001b";

test("a script's flock streams one at a time, and all of it is printed", async () => {
  const flock = twoVoices();
  const stdout = new Output(false);
  let most = 0;
  flock.on(() => {
    most = Math.max(most, flock.activeStreams);
  });
  const shown = await streamToConsole(flock, { stdout, env: {} });
  expect(flock.context.runtimeMode).toBe("cli");
  await flock.publish(Topic, { text: TEXT });
  await shown.finish();
  expect(most).toBe(1);
  expect(stdout.text.match(/^== \w+/gm)).toEqual(["== optimist", "== sceptic", "== 2"]);
  expect(stdout.text.split(TEXT)).toHaveLength(3);
  expect(stdout.text).not.toContain(ESCAPE);
});

test("on a terminal it is drawn live, and the terminal is left as it was", async () => {
  const flock = twoVoices();
  const stdout = new Output(true);
  const shown = await streamToConsole(flock, { stdout, env: { TERM: "xterm", NO_COLOR: "1" } });
  await flock.publish(Topic, { text: TEXT });
  await shown.finish();
  expect(stdout.text).toContain(`${ESCAPE}[2K`);
  expect(stdout.text).toContain("optimist");
  expect(stdout.text.lastIndexOf(`${ESCAPE}[?25h`)).toBeGreaterThanOrEqual(stdout.text.lastIndexOf(`${ESCAPE}[?25l`));
  expect(stdout.listenerCount("drain") + stdout.listenerCount("resize")).toBe(0);
});

test("what is abandoned prints nothing more, and the flock goes on", async () => {
  const flock = twoVoices();
  const stdout = new Output(false);
  const shown = await streamToConsole(flock, { stdout, env: {} });
  await flock.publish(Topic, { text: TEXT });
  shown.abandon();
  await shown.finish();
  expect(stdout.text).toBe("");
  expect(flock.board.list({ type: "Article" })).toHaveLength(2);
});

test("a flock of another mode has no console", async () => {
  await expect(streamToConsole(twoVoices({ mode: "dashboard" }))).rejects.toMatchObject({ code: "conflict" });
});
