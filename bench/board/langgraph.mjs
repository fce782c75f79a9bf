/** Baseline: the same three stages as a LangGraph.js graph, one invocation an artifact. */
import { Annotation, END, START, StateGraph } from "../baselines/node_modules/@langchain/langgraph/dist/index.js";

const count = Number(process.argv[2]);
const State = Annotation.Root({ text: Annotation() });
const step = async () => ({ text: "done" });
const graph = new StateGraph(State)
  .addNode("clean", step)
  .addNode("score", step)
  .addNode("file", step)
  .addEdge(START, "clean")
  .addEdge("clean", "score")
  .addEdge("score", "file")
  .addEdge("file", END)
  .compile();

const began = performance.now();
const batch = 250;
for (let at = 0; at < count; at += batch) {
  await Promise.all(Array.from({ length: batch }, () => graph.invoke({ text: "an artifact of the board" })));
}
console.log(JSON.stringify({ rate: count / ((performance.now() - began) / 1000) }));
