import type { EvalInputs } from "../../core/engine.js";
import { createEngineResolver, type EngineOptions } from "../index.js";
import { agent, type ContextDoubleOptions, createContextDouble, inputs, ManualClock } from "../run-context.testing.js";
import type { ModelServer } from "./model-server.testing.js";

export const TEST_KEY = "sk-test-0123456789abcdef";

/** Starts one call of an OpenAI-compatible model on the test's server, under a clock that moves only when told. */
export function startCall(
  server: ModelServer,
  options: EngineOptions = {},
  given: EvalInputs = inputs(),
  context: ContextDoubleOptions = {},
) {
  const clock = context.clock instanceof ManualClock ? context.clock : new ManualClock();
  const double = createContextDouble({ ...context, clock });
  const resolve = createEngineResolver({
    env: { LOCAL_KEY: TEST_KEY },
    providers: { local: { type: "openai-compatible", baseUrl: `${server.url}/v1`, apiKeyEnv: "LOCAL_KEY" } },
    ...options,
  });
  const ended = resolve("local/test-model").evaluate(
    agent("reporter", "Write a short article."),
    double.context,
    given,
  );
  const fault = ended.then(
    () => undefined,
    (error: unknown) => error as { code: string; message: string },
  );
  return { ...double, clock, ended, fault };
}
