import { type LanguageModel, type LanguageModelMiddleware, wrapLanguageModel } from "ai";
import type { RunContext } from "../../core/context.js";
import { cancelled } from "../cancelled.js";
import { type CallLimits, GuardedCall, type ProviderModel } from "./guarded-call.js";
import { type FaultWords, providerFault, refusalOf } from "./provider-faults.js";
import { retryWait } from "./retry-wait.js";

/**
 * The model with this run's patience around each request: a refused one is sent again after a wait that viewers see,
 * one without an answer or without new text is ended. Only a request of which nothing was streamed is repeated.
 */
export function guardModel(
  model: ProviderModel,
  context: RunContext,
  limits: CallLimits,
  words: FaultWords,
): Exclude<LanguageModel, string> {
  const wrapStream: NonNullable<LanguageModelMiddleware["wrapStream"]> = async ({ params, model: inner }) => {
    const tries = { guessed: 0, told: 0 };
    for (;;) {
      const call = new GuardedCall(context, limits, params.abortSignal);
      try {
        return await call.start((options) => inner.doStream(options), params);
      } catch (error) {
        call.abandon();
        if (params.abortSignal?.aborted) throw cancelled(context.signal);
        const fault = providerFault(call.fault ?? error, words, call.hasBegun);
        const wait = call.fault === undefined ? retryWait(refusalOf(error), tries, context.clock.now()) : undefined;
        if (wait === undefined) throw fault;
        tries[wait.told ? "told" : "guessed"] += 1;
        const reason = wait.told ? `${words.provider} asked to wait` : `${fault.message} Trying again`;
        await context.waitForProvider(reason, context.clock.now() + wait.ms);
        if (params.abortSignal?.aborted) throw cancelled(context.signal);
      }
    }
  };
  return wrapLanguageModel({ model, middleware: { specificationVersion: "v4", wrapStream } });
}
