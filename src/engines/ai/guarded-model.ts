import { type LanguageModel, type LanguageModelMiddleware, wrapLanguageModel } from "ai";
import type { RunContext } from "../../core/context.js";
import { FlockError } from "../../core/errors.js";
import { cancelled } from "../cancelled.js";
import { StallGuard } from "../stall-guard.js";
import { type FaultWords, providerFault, refusalOf } from "./provider-faults.js";
import { retryWait } from "./retry-wait.js";

export type ProviderModel = Parameters<typeof wrapLanguageModel>[0]["model"] & { readonly specificationVersion: "v4" };
type WrapStream = NonNullable<LanguageModelMiddleware["wrapStream"]>;
type CallOptions = Parameters<WrapStream>[0]["params"];
type StreamResult = Awaited<ReturnType<WrapStream>>;
type Part = StreamResult["stream"] extends ReadableStream<infer P> ? P : never;

export interface CallLimits {
  /** Milliseconds until the answer begins. */
  readonly headerTimeout: number;
  /** Milliseconds without new text. */
  readonly stallTimeout: number;
}

/** Called when the answer to the request that carries this signal has begun. */
const answered = new WeakMap<AbortSignal, () => void>();

/** A fetch that tells when an answer begins, before anything of its body is read. */
export function tellingFetch(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (init?.signal && response.ok) answered.get(init.signal)?.();
    return response;
  };
}

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
  const wrapStream: WrapStream = async ({ params, model: inner }) => {
    const tries = { guessed: 0, told: 0 };
    for (;;) {
      const call = new GuardedCall(context, limits, params.abortSignal);
      try {
        return await call.start((options) => inner.doStream(options), params);
      } catch (error) {
        call.end();
        if (params.abortSignal?.aborted) throw cancelled(context.signal);
        const fault = providerFault(call.fault ?? error, words);
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

/** One request with its own abort, header timer and stall guard. */
class GuardedCall {
  readonly #context: RunContext;
  readonly #limits: CallLimits;
  readonly #outer: AbortSignal | undefined;
  readonly #request = new AbortController();
  readonly #onAbort = () => {
    this.end();
    this.#request.abort();
  };
  #headerTimer: unknown;
  #guard: StallGuard | undefined;
  #onFault: (fault: FlockError) => void = () => {};
  /** Why it was ended from here. */
  fault: FlockError | undefined;

  constructor(context: RunContext, limits: CallLimits, outer: AbortSignal | undefined) {
    this.#context = context;
    this.#limits = limits;
    this.#outer = outer;
  }

  async start(send: (options: CallOptions) => PromiseLike<StreamResult>, params: CallOptions): Promise<StreamResult> {
    const { signal } = this.#request;
    if (this.#outer?.aborted) throw cancelled(this.#context.signal);
    this.#outer?.addEventListener("abort", this.#onAbort, { once: true });
    const { headerTimeout } = this.#limits;
    this.#headerTimer = this.#context.clock.setTimeout(() => {
      this.#fail(
        new FlockError("timeout", `The provider did not answer within ${Math.round(headerTimeout / 1000)} s.`),
      );
    }, headerTimeout);
    answered.set(signal, () => this.#answered());
    const result = await send({ ...params, abortSignal: signal });
    this.#answered();
    return { ...result, stream: result.stream.pipeThrough(this.#watch()) };
  }

  end(): void {
    this.#context.clock.clearTimeout(this.#headerTimer);
    this.#guard?.stop();
    this.#outer?.removeEventListener("abort", this.#onAbort);
  }

  #answered(): void {
    this.#context.clock.clearTimeout(this.#headerTimer);
    this.#guard ??= new StallGuard(this.#context.clock, this.#limits.stallTimeout, (fault) => this.#fail(fault));
  }

  #fail(fault: FlockError): void {
    this.fault = fault;
    this.#onFault(fault);
    this.#request.abort();
  }

  #watch(): TransformStream<Part, Part> {
    return new TransformStream<Part, Part>({
      start: (controller) => {
        this.#onFault = (fault) => controller.error(fault);
      },
      transform: (part, controller) => {
        if (isProgress(part)) this.#guard?.alive();
        controller.enqueue(part);
      },
      flush: () => this.end(),
    });
  }
}

/** New text, thought or tool input; not keep-alives and not empty deltas. */
function isProgress(part: Part): boolean {
  switch (part.type) {
    case "text-delta":
    case "reasoning-delta":
    case "tool-input-delta":
      return part.delta !== "";
    case "tool-call":
      return true;
    default:
      return false;
  }
}
