import { type LanguageModel, type LanguageModelMiddleware, wrapLanguageModel } from "ai";
import type { Clock } from "../../core/clock.js";
import type { RunContext } from "../../core/context.js";
import { cancelled } from "../cancelled.js";
import { type CallLimits, GuardedCall, type ProviderModel } from "./guarded-call.js";
import { type FaultWords, providerFault, refusalOf } from "./provider-faults.js";
import { asksToWait, retryWait } from "./retry-wait.js";

/** Answers that have begun so far, by provider. */
const answers = new Map<string, number>();

/**
 * The model with this run's patience around each request: a refused one is sent again after a wait that viewers see,
 * one without an answer or without new text is ended. Only a request of which nothing was streamed is repeated. A
 * provider that asks to wait, yet has answered somebody since it last refused this request, is getting on with it: that
 * is no retry in vain, so that runs which wait for the same provider do not fail because there are many of them.
 */
export function guardModel(
  model: ProviderModel,
  context: RunContext,
  limits: CallLimits,
  words: FaultWords,
): Exclude<LanguageModel, string> {
  const wrapStream: NonNullable<LanguageModelMiddleware["wrapStream"]> = async ({ params, model: inner }) => {
    const answered = () => answers.get(words.provider) ?? 0;
    let before = answered();
    let retries = 0;
    for (;;) {
      const call = new GuardedCall(context, limits, params.abortSignal);
      try {
        const result = await call.start((options) => inner.doStream(options), params);
        answers.set(words.provider, answered() + 1);
        return result;
      } catch (error) {
        call.abandon();
        if (params.abortSignal?.aborted) throw cancelled(context.signal);
        const fault = providerFault(call.fault ?? error, words, call.hasBegun);
        const refusal = refusalOf(error);
        const now = context.clock.now();
        const isBusy = asksToWait(refusal, now);
        if (isBusy && answered() !== before) retries = 0;
        before = answered();
        const wait = call.fault === undefined ? retryWait(refusal, retries, now) : undefined;
        if (wait === undefined) throw fault;
        retries += 1;
        if (isBusy) {
          await context.waitForProvider(`${words.provider} asked to wait`, now + wait);
        } else {
          // The provider's other runs need not wait for a fault of this one: told as over at once, it holds none of them.
          await context.waitForProvider(`${fault.message} Trying again`, context.clock.now());
          await sleep(context.clock, wait, params.abortSignal);
        }
        if (params.abortSignal?.aborted) throw cancelled(context.signal);
      }
    }
  };
  return wrapLanguageModel({ model, middleware: { specificationVersion: "v4", wrapStream } });
}

/** Also ends, without a fault, when the signal aborts. */
async function sleep(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted) return;
  await new Promise<void>((resolve) => {
    const end = () => {
      clock.clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = clock.setTimeout(end, ms);
    signal?.addEventListener("abort", end, { once: true });
  });
}
