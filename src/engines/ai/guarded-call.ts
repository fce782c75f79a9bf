import type { wrapLanguageModel } from "ai";
import type { RunContext } from "../../core/context.js";
import { FlockError } from "../../core/errors.js";
import { cancelled } from "../cancelled.js";
import { StallGuard } from "../stall-guard.js";
import { watchAnswer } from "./answer-watch.js";

export type ProviderModel = Parameters<typeof wrapLanguageModel>[0]["model"] & { readonly specificationVersion: "v4" };
export type CallOptions = Parameters<ProviderModel["doStream"]>[0];
export type StreamResult = Awaited<ReturnType<ProviderModel["doStream"]>>;
type Part = StreamResult["stream"] extends ReadableStream<infer P> ? P : never;

export interface CallLimits {
  /** Milliseconds until the answer begins. */
  readonly headerTimeout: number;
  /** Milliseconds without new text. */
  readonly stallTimeout: number;
}

/** One request with its own abort, header timer and stall guard. */
export class GuardedCall {
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
  #hasProgress = false;
  #saidDone = false;
  /** Why it was ended from here. */
  fault: FlockError | undefined;

  constructor(context: RunContext, limits: CallLimits, outer: AbortSignal | undefined) {
    this.#context = context;
    this.#limits = limits;
    this.#outer = outer;
  }

  /** Whether the provider has begun to answer. */
  get hasBegun(): boolean {
    return this.#guard !== undefined;
  }

  /** Resolves when the first text, thought, tool call or finish is there; rejects with what came instead. */
  async start(send: (options: CallOptions) => PromiseLike<StreamResult>, params: CallOptions): Promise<StreamResult> {
    const { signal } = this.#request;
    if (this.#outer?.aborted) throw cancelled(this.#context.signal);
    this.#outer?.addEventListener("abort", this.#onAbort, { once: true });
    const { headerTimeout } = this.#limits;
    this.#headerTimer = this.#context.clock.setTimeout(() => {
      const seconds = Math.round(headerTimeout / 1000);
      this.#fail(new FlockError("timeout", `The provider did not answer within ${seconds} s.`));
    }, headerTimeout);
    watchAnswer(signal, {
      onBegin: () => this.#begin(),
      onDone: () => {
        this.#saidDone = true;
      },
    });
    const result = await send({ ...params, abortSignal: signal });
    this.#begin();
    return { ...result, stream: await untilOutput(result.stream.pipeThrough(this.#watch())) };
  }

  end(): void {
    this.#context.clock.clearTimeout(this.#headerTimer);
    this.#guard?.stop();
    this.#outer?.removeEventListener("abort", this.#onAbort);
  }

  /** Ends the request, also where its answer was begun and will not be read. */
  abandon(): void {
    this.#onAbort();
  }

  #begin(): void {
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
        if (isProgress(part)) {
          this.#hasProgress = true;
          this.#guard?.alive();
        }
        const told = this.#saidDone && this.#hasProgress ? withFinish(part) : part;
        if (told !== undefined) controller.enqueue(told);
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

/** A stream that said that it is complete has a finish, if it did not give a reason for it. */
function withFinish(part: Part): Part | undefined {
  if (part.type === "finish" && part.finishReason.raw === undefined) {
    return { ...part, finishReason: { unified: "stop", raw: "[DONE]" } };
  }
  if (part.type === "error" && part.error instanceof Error && /without a finish reason/.test(part.error.message))
    return undefined;
  return part;
}

/** The same stream, once it has output. An error before that is thrown: nothing was shown, so the request may be repeated. */
async function untilOutput(stream: ReadableStream<Part>): Promise<ReadableStream<Part>> {
  const reader = stream.getReader();
  const early: Part[] = [];
  let ended = false;
  for (let begun = false; !begun && !ended; ) {
    const { done, value } = await reader.read();
    ended = done;
    if (value === undefined) continue;
    if (value.type === "error") throw value.error;
    early.push(value);
    begun = isProgress(value) || value.type === "finish";
  }
  return new ReadableStream<Part>({
    async pull(controller) {
      const first = early.shift();
      if (first !== undefined) return controller.enqueue(first);
      const { done, value } = ended ? { done: true, value: undefined } : await reader.read();
      if (value !== undefined) controller.enqueue(value);
      if (done) controller.close();
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
