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
  const flock: { readonly name: string; readonly samples?: unknown } | undefined = hello.flock;
  const samples = Array.isArray(flock?.samples) ? flock.samples : Object.entries(hello.flock?.sample ?? {});
  return samples.flatMap((entry: unknown): readonly SampleArtifact[] => {
    const [type, payload] = Array.isArray(entry) ? entry : isEntry(entry) ? [entry.type, entry.payload] : [];
    return typeof type === "string" ? [{ type, payload }] : [];
  });
}

function isEntry(value: unknown): value is SampleArtifact {
  return typeof value === "object" && value !== null && "type" in value && "payload" in value;
}

export function sampleFor(hello: Hello, type: string): unknown {
  return hello.flock?.sample?.[type];
}
