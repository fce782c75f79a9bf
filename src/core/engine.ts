import type { Artifact } from "./artifact.js";
import type { ArtifactType } from "./artifact-type.js";
import type { RunContext } from "./context.js";

/** Tokens of one engine call. `estimated` when no provider counted them. */
export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly totalTokens?: number;
  readonly estimated?: boolean;
}

/** What one engine call has to produce. */
export interface OutputRequest {
  readonly types: readonly ArtifactType[];
  /** How many artifacts of each type. */
  readonly fanOut: number;
}

/** What an engine is given. */
export interface EvalInputs {
  readonly artifacts: readonly Artifact[];
  readonly output: OutputRequest;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** What the validator said of the previous attempt's output. */
  readonly feedback?: string;
}

/** One produced payload; the orchestrator validates it and makes the artifact. */
export interface OutputDraft {
  readonly type: string;
  readonly payload: unknown;
}

export interface EvalResult {
  readonly outputs: readonly OutputDraft[];
  readonly usage?: Usage;
  /** The engine chose to make fewer outputs than asked for; otherwise that is a fault. */
  readonly partial?: boolean;
}

/** A tool that an agent lets its engine call. */
export interface AgentTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the input. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
  execute(input: unknown, options: { readonly signal: AbortSignal }): unknown;
}

/** The part of an agent that an engine may see. */
export interface EngineAgent {
  readonly name: string;
  readonly description: string;
  /** PROVIDER/MODEL. */
  readonly model: string;
  readonly tools?: readonly AgentTool[];
}

/**
 * Turns consumed artifacts into outputs, streaming text to `context.stream` as it arrives.
 * A failure is a thrown `FlockError` with a code of the protocol's table; text already appended is kept.
 * Must end soon after `context.signal` aborts.
 */
export interface Engine {
  readonly name: string;
  evaluate(agent: EngineAgent, context: RunContext, inputs: EvalInputs): Promise<EvalResult>;
}

/** Makes the engine of an agent from its PROVIDER/MODEL name. Throws `FlockError` (`unknown_model`, `missing_key`). */
export type EngineResolver = (model: string) => Engine;
