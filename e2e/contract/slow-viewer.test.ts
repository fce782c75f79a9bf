import { expect, test } from "vitest";
import { many } from "./flocks.testing.js";
import { number, ofType } from "./messages.testing.js";
import { serve, type Viewer, viewer } from "./server.testing.js";

/** Milliseconds from a chunk's own time to its arrival here, for every chunk from now on. */
function lagsOf(watching: Viewer): number[] {
  const lags: number[] = [];
  let seen = watching.messages.length;
  watching.socket.on("message", () => {
    const now = Date.now();
    for (; seen < watching.messages.length; seen += 1) {
      const message = watching.messages[seen];
      if (message?.type === "stream_chunk") lags.push(now - number(message.timestamp));
    }
  });
  return lags;
}

function p99(lags: readonly number[]): number {
  return [...lags].sort((a, b) => a - b)[Math.floor(lags.length * 0.99)] ?? Number.NaN;
}

function unitsOf({ messages }: Viewer): number {
  const texts = messages.map(({ type, chunk, content }) => (type === "stream_chunk" ? chunk : content));
  return texts.reduce<number>((sum, part) => sum + (typeof part === "string" ? part.length : 0), 0);
}

/** A clock tells whole milliseconds, and a machine with two cores is busy for some of them. */
const LEAST_MS = 20;

test("a viewer that does not read adds nothing to what the others wait for", async () => {
  const server = await serve(many(12, "demo/essay?tps=16000&chars=100000"));
  const subprotocols = ["flockdeck.v1.msgpack"];
  let position: { epoch?: unknown; since_seq?: unknown } = {};
  /** Where the flock is: what it wrote in earlier rounds need not be told again. */
  async function now(): Promise<object> {
    const looking = await viewer(server, {}, position);
    const [hello, synced] = [looking.messages[0], ofType(looking.messages, "sync_complete")[0]];
    await looking.leave();
    position = { epoch: hello?.epoch, since_seq: synced?.seq };
    return position;
  }
  /** What two viewers waited for while the flock wrote once, in the worst hundredth. */
  async function round(): Promise<number> {
    const here = await now();
    const watching = await Promise.all([1, 2].map(() => viewer(server, { subprotocols }, here)));
    const lags = watching.map(lagsOf);
    const workflow = (await watching[0]?.publish("Line", { text: "flood" })) ?? "";
    await Promise.all(watching.map((each) => each.finished(workflow)));
    await Promise.all(watching.map((each) => each.leave()));
    expect(lags.flat().length).toBeGreaterThan(300);
    return p99(lags.flat());
  }
  /** The same beside one that neither reads nor acknowledges: past 1,000,000 units the server holds it back. */
  async function roundBeside(): Promise<number> {
    const slow = await viewer(server, {}, { ...(await now()), acks: true });
    slow.socket.pause();
    const lag = await round();
    slow.socket.resume();
    await slow.until(() => unitsOf(slow) > 900_000);
    expect(unitsOf(slow)).toBeLessThan(1_200_000);
    await slow.leave();
    return lag;
  }
  const [alone, beside]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < 3; turn += 1) {
    alone.push(await round());
    beside.push(await roundBeside());
  }
  expect(Math.min(...beside) / Math.max(LEAST_MS, Math.min(...alone))).toBeLessThan(3);
});
