import type { AgentTool, Engine } from "../../core/engine.js";
import { STALL_TIMEOUT_MS } from "../stall-guard.js";
import { watchedFetch } from "./answer-watch.js";
import { createPatientFetch } from "./patient-fetch.js";
import type { ProviderSources } from "./provider-sources.js";
import { type ConnectedModel, connectModel } from "./providers.js";

export interface AiEngineOptions extends ProviderSources {
  /** Milliseconds without new text that end a stream as `stalled`. Default 120,000. */
  readonly stallTimeout?: number;
  /** Milliseconds until a provider's answer begins. Default 600,000. */
  readonly headerTimeout?: number;
  /** For every agent, beside its own tools. */
  readonly tools?: readonly AgentTool[] | (() => Promise<readonly AgentTool[]>);
  /** Milliseconds that one tool call may take; then the model is told so. Default 300,000. */
  readonly toolTimeout?: number;
  /** Requests of one run at most: each round of tools is one more. Default 20. */
  readonly maxSteps?: number;
}

const patientFetch = createPatientFetch();
const HEADER_TIMEOUT_MS = 600_000;
const TOOL_TIMEOUT_MS = 300_000;
const MAX_STEPS = 20;

/**
 * The engine of a real model, by PROVIDER/MODEL name. Throws `unknown_model` or `missing_key` at once; the AI SDK and the
 * provider's package are loaded with the first call, so that a flock without them starts without them.
 */
export function createAiEngine(name: string, options: AiEngineOptions = {}): Engine {
  const connected = connectModel(name, options);
  const { provider, key, keyEnv, baseUrl } = connected;
  let loading: ReturnType<typeof load> | undefined;
  return {
    name,
    async evaluate(agent, context, inputs) {
      loading ??= load(connected, options.fetch ?? patientFetch);
      const { callModel, model } = await loading;
      const shared = typeof options.tools === "function" ? await options.tools() : (options.tools ?? []);
      const call = {
        model,
        words: { provider, key, keyEnv, baseUrl },
        limits: {
          headerTimeout: options.headerTimeout ?? HEADER_TIMEOUT_MS,
          stallTimeout: options.stallTimeout ?? STALL_TIMEOUT_MS,
        },
        tools: [...(agent.tools ?? []), ...shared],
        toolTimeout: options.toolTimeout ?? TOOL_TIMEOUT_MS,
        maxSteps: options.maxSteps ?? MAX_STEPS,
      };
      return callModel(call, agent, context, inputs);
    },
  };
}

async function load(connected: ConnectedModel, fetch: typeof globalThis.fetch) {
  const [{ callModel }, model] = await Promise.all([import("./model-call.js"), connected.load(watchedFetch(fetch))]);
  return { callModel, model };
}
