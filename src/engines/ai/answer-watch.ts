/** What is seen of an answer below the AI SDK. */
export interface AnswerWatch {
  /** The answer has begun; nothing of its body has been read. */
  onBegin(): void;
  /** The stream of events said that it is complete. */
  onDone(): void;
}

const watches = new WeakMap<AbortSignal, AnswerWatch>();

/** Watches the answer to the request that carries this signal, if it is sent through `watchedFetch`. */
export function watchAnswer(signal: AbortSignal, watch: AnswerWatch): void {
  watches.set(signal, watch);
}

export function watchedFetch(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const watch = init?.signal ? watches.get(init.signal) : undefined;
    if (watch === undefined || !response.ok) return response;
    watch.onBegin();
    // Some servers send events without saying so; only JSON is surely none.
    if (response.body === null || response.headers.get("content-type")?.includes("json")) return response;
    const { status, statusText, headers } = response;
    return new Response(response.body.pipeThrough(doneWatch(watch)), { status, statusText, headers });
  };
}

const DONE = /data: ?\[DONE\]\s*$/;
const TAIL_BYTES = 32;

/** OpenAI's format ends with `data: [DONE]`. The AI SDK passes over it, and some servers say nothing else at the end. */
function doneWatch(watch: AnswerWatch): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder("latin1");
  let tail = "";
  return new TransformStream({
    transform(chunk, controller) {
      tail = (tail + decoder.decode(chunk.subarray(-TAIL_BYTES))).slice(-TAIL_BYTES);
      if (DONE.test(tail)) watch.onDone();
      controller.enqueue(chunk);
    },
  });
}
