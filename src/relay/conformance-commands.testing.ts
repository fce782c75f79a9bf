/** What can happen to a hub and its viewers, as commands of a model: the alphabet of the conformance suite's histories. */
import fc from "fast-check";
import type { Carrier, CarrierHost } from "./conformance.testing.js";
import type { FakeClock } from "./fake-clock.testing.js";
import type { Hub } from "./hub.js";
import { streamEnded, streamStarted, testHub } from "./hub.testing.js";
import { Ledger } from "./ledger.testing.js";

export const VIEWERS = 3;
const FIVE_MINUTES = 5 * 60_000;

export interface ModelStream {
  text: string;
  status: "live" | "completed" | "failed" | "cancelled";
}

/** What must be true, as far as the outside can know. */
export interface Model {
  streams: Map<string, ModelStream>;
  connected: boolean[];
}

/** The real thing. */
export class Stage {
  readonly viewers = Array.from({ length: VIEWERS }, () => new Ledger());
  readonly #carrier: Carrier;
  readonly #retainedChars: number;
  #epoch = 0;
  #hub: Hub | null = null;
  #clock: FakeClock | null = null;
  #host: CarrierHost | null = null;

  constructor(carrier: Carrier, retainedChars: number) {
    this.#carrier = carrier;
    this.#retainedChars = retainedChars;
  }

  get hub(): Hub {
    if (this.#hub === null) throw new Error("the stage is not open");
    return this.#hub;
  }

  get clock(): FakeClock {
    if (this.#clock === null) throw new Error("the stage is not open");
    return this.#clock;
  }

  get host(): CarrierHost {
    if (this.#host === null) throw new Error("the stage is not open");
    return this.#host;
  }

  async open(): Promise<void> {
    this.#epoch += 1;
    const limits = { retainedChars: this.#retainedChars, maxEvents: 12 };
    const { hub, clock } = testHub({ epoch: `epoch-${this.#epoch}`, limits });
    this.#hub = hub;
    this.#clock = clock;
    this.#host = await this.#carrier.open(hub);
  }

  async close(): Promise<void> {
    for (const viewer of this.viewers) viewer.drop();
    this.#hub?.shutdown();
    await this.#host?.close();
  }
}

type Command = fc.AsyncCommand<Model, Stage>;

class Append implements Command {
  readonly #stream: string;
  readonly #text: string;
  constructor(stream: number, text: string) {
    this.#stream = `s${stream}`;
    this.#text = text;
  }
  check(model: Readonly<Model>): boolean {
    return (model.streams.get(this.#stream)?.status ?? "live") === "live";
  }
  async run(model: Model, stage: Stage): Promise<void> {
    const known = model.streams.get(this.#stream);
    if (known === undefined) stage.hub.emit(streamStarted(this.#stream));
    model.streams.set(this.#stream, { text: (known?.text ?? "") + this.#text, status: "live" });
    stage.hub.append(this.#stream, this.#text);
  }
  toString = () => `append(${this.#stream}, ${JSON.stringify(this.#text)})`;
}

class Complete implements Command {
  readonly #stream: string;
  readonly #status: "completed" | "failed" | "cancelled";
  constructor(stream: number, status: "completed" | "failed" | "cancelled") {
    this.#stream = `s${stream}`;
    this.#status = status;
  }
  check(model: Readonly<Model>): boolean {
    return model.streams.get(this.#stream)?.status === "live";
  }
  async run(model: Model, stage: Stage): Promise<void> {
    const stream = model.streams.get(this.#stream);
    if (stream !== undefined) stream.status = this.#status;
    stage.hub.emit(streamEnded(this.#stream, this.#status));
  }
  toString = () => `complete(${this.#stream}, ${this.#status})`;
}

class Attach implements Command {
  readonly #viewer: number;
  constructor(viewer: number) {
    this.#viewer = viewer;
  }
  check(model: Readonly<Model>): boolean {
    return !model.connected[this.#viewer];
  }
  async run(model: Model, stage: Stage): Promise<void> {
    model.connected[this.#viewer] = true;
    await stage.viewers[this.#viewer]?.connect(stage.host);
  }
  toString = () => `attach(${this.#viewer})`;
}

class Drop implements Command {
  readonly #viewer: number;
  constructor(viewer: number) {
    this.#viewer = viewer;
  }
  check(model: Readonly<Model>): boolean {
    return model.connected[this.#viewer] === true;
  }
  async run(model: Model, stage: Stage): Promise<void> {
    model.connected[this.#viewer] = false;
    stage.viewers[this.#viewer]?.drop();
  }
  toString = () => `drop(${this.#viewer})`;
}

class Lag implements Command {
  readonly #viewer: number;
  readonly #stalled: boolean;
  constructor(viewer: number, stalled: boolean) {
    this.#viewer = viewer;
    this.#stalled = stalled;
  }
  check(model: Readonly<Model>): boolean {
    return model.connected[this.#viewer] === true;
  }
  async run(_model: Model, stage: Stage): Promise<void> {
    const link = stage.viewers[this.#viewer]?.link;
    if (this.#stalled) link?.stall?.();
    else link?.resume?.();
  }
  toString = () => `${this.#stalled ? "stall" : "resume"}(${this.#viewer})`;
}

class Focus implements Command {
  readonly #viewer: number;
  readonly #streams: string[] | null;
  constructor(viewer: number, streams: readonly number[] | null) {
    this.#viewer = viewer;
    this.#streams = streams === null ? null : streams.map((stream) => `s${stream}`);
  }
  check(model: Readonly<Model>): boolean {
    return model.connected[this.#viewer] === true;
  }
  async run(_model: Model, stage: Stage): Promise<void> {
    stage.viewers[this.#viewer]?.focus(this.#streams);
  }
  toString = () => `focus(${this.#viewer}, ${JSON.stringify(this.#streams)})`;
}

class Pass implements Command {
  readonly #ms: number;
  constructor(ms: number) {
    this.#ms = ms;
  }
  check(): boolean {
    return true;
  }
  async run(_model: Model, stage: Stage): Promise<void> {
    stage.clock.advance(this.#ms);
    // Lets the carrier deliver some of it, or not: every interleaving must do.
    await new Promise((resolve) => setImmediate(resolve));
  }
  toString = () => (this.#ms === FIVE_MINUTES ? "evict()" : `pass(${this.#ms})`);
}

class Restart implements Command {
  check(): boolean {
    return true;
  }
  async run(model: Model, stage: Stage): Promise<void> {
    model.streams.clear();
    model.connected.fill(false);
    await stage.close();
    await stage.open();
  }
  toString = () => "restart()";
}

const viewer = fc.nat(VIEWERS - 1);
const stream = fc.nat(4);
const text = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }),
  fc.string({ unit: fc.constantFrom("a", "\ud83d", "\ude00", "é"), minLength: 1, maxLength: 8 }),
  fc.nat(150).map((length) => "0123456789".repeat(15).slice(0, length + 1)),
);
const outcome = fc.constantFrom("completed", "failed", "cancelled" as const);

export const histories = fc.commands(
  [
    fc.tuple(stream, text).map(([id, added]) => new Append(id, added)),
    fc.tuple(stream, text).map(([id, added]) => new Append(id, added)),
    fc.constantFrom(1, 10, 50, 200).map((ms) => new Pass(ms)),
    fc.constantFrom(10, 50).map((ms) => new Pass(ms)),
    viewer.map((index) => new Attach(index)),
    viewer.map((index) => new Attach(index)),
    viewer.map((index) => new Drop(index)),
    fc.tuple(viewer, fc.boolean()).map(([index, stalled]) => new Lag(index, stalled)),
    fc
      .tuple(viewer, fc.option(fc.uniqueArray(stream, { maxLength: 3 })))
      .map(([index, streams]) => new Focus(index, streams)),
    fc.tuple(stream, outcome).map(([id, status]) => new Complete(id, status)),
    fc.constant(new Pass(FIVE_MINUTES)),
    fc.constant(new Restart()),
  ],
  { maxCommands: 60, size: "max" },
);
