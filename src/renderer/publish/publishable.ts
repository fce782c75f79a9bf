import type { Hello } from "../../protocol/messages.js";

/** The flock's inputs, those with a sample first: types that are consumed and that no agent publishes itself. */
export function publishableTypes(hello: Hello): readonly string[] {
  const consumed = new Set(hello.agents.flatMap((agent) => agent.consumes));
  const produced = new Set(hello.agents.flatMap((agent) => agent.publishes));
  const rank = (type: string) => (sampleFor(hello, type) !== undefined ? 0 : produced.has(type) ? 2 : 1);
  const known = Object.keys(hello.artifact_types).filter((type) => consumed.has(type) || rank(type) === 0);
  const inputs = known.filter((type) => rank(type) < 2);
  return (inputs.length > 0 ? inputs : known).sort((a, b) => rank(a) - rank(b));
}

export interface SampleArtifact {
  readonly type: string;
  readonly payload: unknown;
}

/** All of the flock's sample, in its order: several artifacts where what starts it is more than one. */
export function samplesOf(hello: Hello): readonly SampleArtifact[] {
  const { sample = {}, samples } = hello.flock ?? {};
  return samples ?? Object.entries(sample).map(([type, payload]) => ({ type, payload }));
}

export function sampleFor(hello: Hello, type: string): unknown {
  return hello.flock?.sample?.[type];
}
