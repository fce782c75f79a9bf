/** Puts a flock file, its engines, the orchestrator and the relay together for one runtime mode. */
import { type Artifact, type Clock, type Flock, type RuntimeMode, systemClock } from "../core/index.js";
import { createEngineResolver, describeProviders, type ProviderDescription } from "../engines/index.js";
import { buildFlock, type FlockDefinition, type FlockFileFault, type SampleArtifact } from "../flockfile/index.js";
import type { Hub, HubOptions } from "../relay/index.js";
import type { CommandHandler } from "../relay/types.js";
import { assertModel } from "./check-model.js";
import { connectHub, type FlockHub } from "./flock-hub.js";
import { type HistoryOptions, type SessionHistory, startHistory } from "./history.js";
import { type FlockSource, loadFlock } from "./load-flock.js";
import { toolEngines } from "./tool-engines.js";

export interface RuntimeOptions {
  readonly source: FlockSource;
  readonly mode: RuntimeMode;
  /** The types that will come from outside beside the file's sample, for its warnings; `any`: all of them. Default: none. */
  readonly input?: readonly string[] | "any";
  /** False when nothing is drawn on a terminal, so that streams cannot collide there. Default true. */
  readonly console?: boolean;
  /** PROVIDER/MODEL for every agent, in place of what the file says. */
  readonly model?: string;
  /** Where keys are looked up. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Keys from the settings, by provider; the environment goes first. */
  readonly keys?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  readonly onLag?: HubOptions["onLag"];
  /** Records what happens. Without it nothing is written. */
  readonly history?: HistoryOptions;
}

export interface Runtime {
  readonly name: string;
  /** Absolute; null for a flock that is not a file. */
  readonly path: string | null;
  readonly mode: RuntimeMode;
  readonly flock: Flock;
  readonly hub: Hub;
  /** The file's sample input, in its order. */
  readonly sample: readonly SampleArtifact[];
  readonly warnings: readonly FlockFileFault[];
  /** This session's recording; null where none was asked for. */
  readonly history: SessionHistory | null;
  readonly handleCommand: CommandHandler;
  /** What `hello` tells of the flock, as it is now. */
  readonly description: FlockHub["description"];
  /** The providers that need a key, this file's own among them, and where each one's key comes from now. */
  providers(): readonly ProviderDescription[];
  /**
   * Publishes these into one new workflow, all or none of them; without an argument the sample. Rejects with
   * `unknown_type`, `invalid_payload`.
   */
  publishAll(artifacts?: readonly SampleArtifact[]): Promise<readonly Artifact[]>;
  /** Resolves when nothing is running or scheduled. */
  idle(): Promise<void>;
  /** Lets runs end for at most `deadlineMs`, stops the rest, flushes every viewer and closes them. */
  shutdown(options?: { readonly deadlineMs?: number }): Promise<void>;
}

/** Rejects with `FlockFileError` for a file that cannot be read or has faults, and with `unknown_model`. */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { definition, path, warnings } = await loadFlock(options.source, { input: options.input ?? [] });
  if (options.model !== undefined) assertModel(options.model, Object.keys(definition.providers));
  const engineOptions = { env: options.env ?? {}, keys: options.keys ?? {}, providers: definition.providers };
  const tools = toolEngines(engineOptions);
  const clock = options.clock ?? systemClock;
  const flock = buildFlock(withModel(definition, options.model), {
    mode: options.mode,
    ...(options.console === undefined ? {} : { console: options.console }),
    clock,
    resolveEngine: createEngineResolver(engineOptions),
    engineOf: (agent) => tools.engineOf(agent),
  });
  const epoch = crypto.randomUUID();
  const history =
    options.history === undefined
      ? null
      : startHistory(options.history, {
          clock,
          epoch,
          flock: definition.name,
          path,
          hello: () => watched.hub.hello("watch"),
        });
  const watched = connectHub(flock, {
    name: definition.name,
    sample: definition.sample,
    clock,
    epoch,
    ...(history === null ? {} : { recorder: history.recorder }),
    ...(options.onLag === undefined ? {} : { onLag: options.onLag }),
  });

  return {
    name: definition.name,
    path,
    mode: options.mode,
    flock,
    hub: watched.hub,
    sample: definition.sample,
    warnings,
    history,
    handleCommand: watched.handleCommand,
    description: watched.description,
    providers: () => describeProviders(engineOptions),
    publishAll: (artifacts = definition.sample) => flock.publishAll(artifacts),
    idle: () => flock.runUntilIdle(),
    async shutdown({ deadlineMs = 0 } = {}) {
      await flock.shutdown({ deadline: deadlineMs });
      watched.close();
      await history?.close();
      await tools.close();
    },
  };
}

function withModel(definition: FlockDefinition, model: string | undefined): FlockDefinition {
  if (model === undefined) return definition;
  return { ...definition, model, agents: definition.agents.map((agent) => ({ ...agent, model })) };
}
