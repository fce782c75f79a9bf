import type { Clock } from "./clock.js";
import type { FlockComponent } from "./component.js";
import type { Engine, EngineResolver } from "./engine.js";
import type { ProviderLimit } from "./provider-gate.js";
import type { RuntimeMode } from "./runtime-mode.js";
import type { ServiceStarter } from "./serve.js";

export interface FlockOptions {
  /** Default `cli`, until `serve` or `runScript` says otherwise. */
  readonly mode?: RuntimeMode;
  /** False when nothing is drawn on a terminal, so that streams cannot collide there. Default true. */
  readonly console?: boolean;
  /** PROVIDER/MODEL of agents that name none. */
  readonly model?: string;
  /** The engine of agents that have none of their own. */
  readonly engine?: Engine;
  /** Makes engines from model names, for agents without an engine. */
  readonly resolveEngine?: EngineResolver;
  readonly clock?: Clock;
  /** Ids of artifacts, runs, streams and workflows; each must be new. */
  readonly ids?: () => string;
  /** Runs under way at once, over all agents. Default: no limit. */
  readonly maxConcurrency?: number;
  /** By provider: the part of a model's name before the slash. */
  readonly providerLimits?: Readonly<Record<string, ProviderLimit>>;
  readonly components?: readonly FlockComponent[];
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly serviceStarter?: ServiceStarter;
}
