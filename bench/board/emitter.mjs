/** Baseline: the same three stages on a bare EventEmitter: no board, no gates, no workflow, no streams. */
import { EventEmitter } from "node:events";

const count = Number(process.argv[2]);
const bus = new EventEmitter();
let filed = 0;
bus.on("Raw", async (artifact) => bus.emit("Clean", await step(artifact)));
bus.on("Clean", async (artifact) => bus.emit("Scored", await step(artifact)));
bus.on("Scored", async (artifact) => bus.emit("Filed", await step(artifact)));
bus.on("Filed", () => {
  filed += 1;
});
const step = async () => ({ text: "done" });

const began = performance.now();
for (let index = 0; index < count; index += 1) bus.emit("Raw", { text: "an artifact of the board" });
while (filed < count) await new Promise((resolve) => setImmediate(resolve));
console.log(JSON.stringify({ rate: count / ((performance.now() - began) / 1000) }));
