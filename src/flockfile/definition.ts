/** What a flock file says, checked and ready to build. */
import type { Visibility } from "../core/artifact.js";
import type { ArtifactType } from "../core/artifact-type.js";
import type { Expression } from "./expression.js";

export interface FlockDefinition {
  readonly name: string;
  readonly description: string;
  /** PROVIDER/MODEL of every agent that names none. */
  readonly model: string;
  readonly providers: Readonly<Record<string, ProviderDefinition>>;
  /** Runs at once, over all agents; no limit if left out. */
  readonly maxConcurrency?: number;
  /** Model calls at once, by provider. */
  readonly providerLimits: Readonly<Record<string, number>>;
  readonly types: readonly ArtifactType[];
  readonly agents: readonly AgentDefinition[];
  /** Sample input, in the order of the file. */
  readonly sample: readonly SampleArtifact[];
}

export interface SampleArtifact {
  readonly type: string;
  readonly payload: unknown;
}

/** An OpenAI-compatible endpoint. */
export interface ProviderDefinition {
  readonly type: "openai-compatible";
  readonly baseUrl: string;
  /** The environment variable that holds its key; without it no key is sent. */
  readonly apiKeyEnv?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A server of the Model Context Protocol: a program spoken to over its standard streams, or an address. */
export type McpServerDefinition = {
  readonly name: string;
  /** No other tool is offered to a model. */
  readonly allow: readonly string[];
} & (
  | {
      readonly command: string;
      readonly args?: readonly string[];
      readonly env?: Readonly<Record<string, string>>;
      readonly cwd?: string;
    }
  | { readonly url: string; readonly headers?: Readonly<Record<string, string>> }
);

export interface AgentDefinition {
  readonly name: string;
  readonly description: string;
  /** OR between them. */
  readonly consumes: readonly SubscriptionDefinition[];
  /** One engine call each. */
  readonly publishes: readonly OutputDefinition[];
  readonly model: string;
  readonly maxConcurrency?: number;
  readonly bestOf?: { readonly n: number; readonly score: Expression };
  /** Milliseconds that one run may take. */
  readonly deadlineMs?: number;
  readonly schedule?: ScheduleDefinition;
  readonly labels: readonly string[];
  /** The servers whose tools it may use, each with those tools alone. */
  readonly tools: readonly McpServerDefinition[];
  readonly tenant?: string;
  readonly preventSelfTrigger?: boolean;
}

export type SubscriptionMode = "both" | "events" | "direct";

export interface SubscriptionDefinition {
  /** AND between them; a repeated type is a count. */
  readonly types: readonly string[];
  readonly where?: Expression;
  readonly fromAgents?: readonly string[];
  readonly tags?: readonly string[];
  readonly join?: JoinDefinition;
  readonly batch?: { readonly size?: number; readonly timeoutMs?: number };
  readonly mode?: SubscriptionMode;
  readonly priority?: number;
}

export interface JoinDefinition {
  /** One expression for every type, or one per type. */
  readonly by: Expression | Readonly<Record<string, Expression>>;
  readonly within: { readonly milliseconds: number } | { readonly count: number };
}

export interface OutputDefinition {
  readonly types: readonly string[];
  readonly fanOut: number;
  readonly visibility: Visibility;
  readonly tags: readonly string[];
  readonly where?: Expression;
  readonly validate?: { readonly check: Expression; readonly message: string };
}

export type ScheduleDefinition =
  | { readonly everyMs: number }
  | { /** Milliseconds since 1970. */ readonly at: number }
  | { readonly cron: string /** As in `Europe/Berlin`; the machine's if left out. */; readonly timezone?: string };
