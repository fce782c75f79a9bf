/** 64 agents on one artifact, each a stream of the same length in time, in a given mode. Prints wall time over ideal. */
import { type Engine, Flock, type RuntimeMode, textArtifact } from "../../src/core/index.js";

const { agents, seconds, mode, oneAtATime } = JSON.parse(process.argv[2] ?? "{}") as {
  agents: number;
  seconds: number;
  mode: RuntimeMode;
  oneAtATime: boolean;
};

const TOKENS = 40;
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Streams for `seconds`, paced by elapsed time. */
const engine: Engine = {
  name: "paced",
  async evaluate(_agent, context, inputs) {
    const start = performance.now();
    for (let token = 1; token <= TOKENS; token += 1) {
      context.stream.append("token ");
      await wait(Math.max(0, start + (token * seconds * 1000) / TOKENS - performance.now()));
    }
    return {
      outputs: inputs.output.types.map((type) => ({ type: type.name, payload: { text: "token ".repeat(TOKENS) } })),
    };
  },
};

const flock = new Flock({ mode, engine, ...(oneAtATime ? { maxConcurrency: 1 } : {}) });
const topic = textArtifact("Topic");
const answer = textArtifact("Answer");
flock.registerType(topic).registerType(answer);
for (let index = 0; index < agents; index += 1) flock.agent(`agent-${index}`).consumes(topic).publishes(answer);

let live = 0;
let mostLive = 0;
flock.on((event) => {
  if (event.type === "stream_started") live += 1;
  if (event.type === "stream_complete") live -= 1;
  mostLive = Math.max(mostLive, live);
});

const began = performance.now();
await flock.publish(topic, { text: "Why do birds flock?" });
await flock.runUntilIdle();
console.log(JSON.stringify({ wall: (performance.now() - began) / 1000, most_live: mostLive }));
await flock.shutdown();
process.exit(0);
