import { applyMessages, createViewState, type ServerMessage } from "../../../src/protocol/index.js";
import { lags } from "../../lib/token-source.mjs";

let load = { start: 0, streams: 1, rate: 1 };
let measuring = false;
let found: number[] = [];
const state = createViewState();
const literal = new Map<string, string>();

/** Units of each stream so far, by its number. */
const received = new Map<number, number>();

function see(id: string, text: string): void {
  const stream = Number(id.slice(1));
  const offset = received.get(stream) ?? 0;
  received.set(stream, offset + text.length);
  if (measuring) found.push(...lags(load, stream, offset, text.length));
}

function percentile(p: number): number {
  const sorted = Float64Array.from(found).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor((p / 100) * sorted.length))] ?? Number.NaN;
}

window.addEventListener("message", ({ data, ports }: MessageEvent<unknown>) => {
  const [port] = ports;
  if (port !== undefined) {
    port.onmessage = (event: MessageEvent<readonly ServerMessage[]>) => {
      applyMessages(state, event.data);
      for (const message of event.data) if (message.type === "stream_chunk") see(message.stream_id, message.chunk);
    };
    port.postMessage({ type: "attach" });
    return;
  }
  const message = data as { stream_id?: string; chunk?: string };
  if (message.stream_id === undefined || message.chunk === undefined) return;
  literal.set(message.stream_id, (literal.get(message.stream_id) ?? "") + message.chunk);
  see(message.stream_id, message.chunk);
});

Object.assign(window, {
  bench: {
    begin: (given: typeof load) => {
      load = given;
    },
    mark: () => {
      found = [];
      measuring = true;
    },
    measure: () => ({ tokens: found.length, p50: percentile(50), p99: percentile(99) }),
  },
});
