import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** Where the gauges look when they are asked. */
export interface MetricSources {
  /** Viewers by carrier. */
  viewers(): ReadonlyMap<string, number>;
  liveStreams(): number;
  producedUnits(): number;
  /** Runs by state: running, waiting, completed, failed, cancelled. */
  runs(): ReadonlyMap<string, number>;
}

export type Carrier = "websocket" | "sse";
export const CARRIERS: readonly Carrier[] = ["websocket", "sse"];
export interface SentCounts {
  bytes: number;
  chunks: number;
}

const CODECS = ["json", "msgpack", "sse"];

const LAG_BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The server's figures in Prometheus' terms. A registry of its own, so that several servers fit in one process. */
export class ServerMetrics {
  readonly #registry = new Registry();
  /** Plain numbers: a library's counter would cost a fifth of each write to a viewer. */
  readonly #sent: Readonly<Record<Carrier, SentCounts>> = {
    websocket: { bytes: 0, chunks: 0 },
    sse: { bytes: 0, chunks: 0 },
  };
  readonly #lag: Histogram;
  readonly #encoded: Counter<"codec">;
  readonly #tokens: Counter<"model" | "kind">;

  constructor(sources: MetricSources) {
    const registers = [this.#registry];
    this.#addSentCounter("flockdeck_stream_chunks_total", "Chunks of text handed to viewers", "chunks");
    this.#addSentCounter("flockdeck_sent_bytes_total", "Bytes handed to viewers, as they go over the wire", "bytes");
    this.#lag = new Histogram({
      name: "flockdeck_delivery_lag_seconds",
      help: "Age of the oldest text of a flush when it is handed to viewers",
      buckets: LAG_BUCKETS_SECONDS,
      registers,
    });
    this.#encoded = new Counter({
      name: "flockdeck_frames_encoded_total",
      help: "Frames encoded; each is shared by all viewers in step",
      labelNames: ["codec"],
      registers,
    });
    new Gauge({
      name: "flockdeck_stream_chars",
      help: "UTF-16 units that streams produced since the flock was opened",
      registers,
      collect() {
        this.set(sources.producedUnits());
      },
    });
    this.#tokens = new Counter({
      name: "flockdeck_tokens_total",
      help: "Tokens by model, as providers counted them",
      labelNames: ["model", "kind"],
      registers,
    });
    new Gauge({
      name: "flockdeck_streams_live",
      help: "Streams that are open now",
      registers,
      collect() {
        this.set(sources.liveStreams());
      },
    });
    new Gauge({
      name: "flockdeck_viewers",
      help: "Connected viewers",
      labelNames: ["carrier"],
      registers,
      collect() {
        this.reset();
        for (const [carrier, count] of sources.viewers()) this.set({ carrier }, count);
      },
    });
    new Gauge({
      name: "flockdeck_agent_runs",
      help: "Agent runs by state",
      labelNames: ["state"],
      registers,
      collect() {
        for (const [state, count] of sources.runs()) this.set({ state }, count);
      },
    });
    this.#startAtZero();
  }

  /** Before anything has been counted, its sample line says 0: a rate needs somewhere to begin. */
  #startAtZero(): void {
    for (const codec of CODECS) this.#encoded.inc({ codec }, 0);
  }

  #addSentCounter(name: string, help: string, what: "bytes" | "chunks"): void {
    const sent = this.#sent;
    new Counter({
      name,
      help,
      labelNames: ["carrier"],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const carrier of CARRIERS) this.inc({ carrier }, sent[carrier][what]);
      },
    });
  }

  /** What was handed to a carrier; whoever hands it over adds to it. */
  sentBy(carrier: Carrier): SentCounts {
    return this.#sent[carrier];
  }

  lag(milliseconds: number): void {
    this.#lag.observe(Math.max(0, milliseconds) / 1000);
  }

  encoded(codec: string, frames: number): void {
    this.#encoded.inc({ codec }, frames);
  }

  tokens(model: string, kind: "input" | "output", count: number): void {
    this.#tokens.inc({ model, kind }, count);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
