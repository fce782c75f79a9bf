import type { Artifact } from "../../core/artifact.js";
import type { EngineAgent, EvalInputs } from "../../core/engine.js";
import type { OutputPlan } from "./output-plan.js";

export interface PromptText {
  readonly instructions: string;
  readonly prompt: string;
}

/** What a model is told: who it is and what to produce, then what it was given. */
export function writePrompt(agent: EngineAgent, inputs: EvalInputs, plan: OutputPlan): PromptText {
  const task = agent.description.trim() === "" ? "Do what your name says." : agent.description.trim();
  const instructions = [
    `You are "${agent.name}", one of several agents that work on shared artifacts.`,
    task,
    whatToProduce(plan),
  ];
  const given = inputs.artifacts.map(showArtifact);
  if (given.length === 0) given.push("Begin.");
  if (inputs.feedback !== undefined) {
    given.push(
      `Your previous answer was refused:\n\n${inputs.feedback}\n\nAnswer again, completely, without these faults.`,
    );
  }
  return { instructions: instructions.join("\n\n"), prompt: given.join("\n\n") };
}

function whatToProduce(plan: OutputPlan): string {
  if (plan.kind === "text") {
    const what = plan.type === undefined ? "your answer" : `the ${plan.type}`;
    return `Write ${what} as Markdown. Write nothing else: no preamble, and no remark about the task.`;
  }
  const counts = plan.wanted.map(({ type, count }) =>
    count === 1 ? `one ${type.name}` : `${count} different ${type.name}`,
  );
  return [
    `Produce ${counts.join(" and ")}. Answer with one JSON value and nothing else. It must satisfy this JSON Schema:`,
    `\`\`\`json\n${JSON.stringify(plan.schema)}\n\`\`\``,
    ...(plan.layout.text.size > 0 ? [`Write the "text" of ${[...plan.layout.text].join(" and ")} as Markdown.`] : []),
  ].join("\n\n");
}

function showArtifact(artifact: Artifact): string {
  const from = artifact.producedBy === "external" ? "" : ` from ${artifact.producedBy}`;
  return `# ${artifact.type}${from}\n\n${showPayload(artifact.payload)}`;
}

function showPayload(payload: unknown): string {
  if (typeof payload === "object" && payload !== null) {
    const [first, ...others] = Object.entries(payload);
    if (first?.[0] === "text" && typeof first[1] === "string" && others.length === 0) return first[1];
  }
  return `\`\`\`json\n${JSON.stringify(payload, null, 2) ?? "null"}\n\`\`\``;
}
