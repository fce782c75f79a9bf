/** The random part of the conformance suite: any history ends with every unit, once, in order, or with a told tail. */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Carrier, CarrierHost } from "./conformance.testing.js";
import type { FakeClock } from "./fake-clock.testing.js";
import type { Hub } from "./hub.js";
import { streamEnded, streamStarted, testHub } from "./hub.testing.js";
import { Ledger } from "./ledger.testing.js";
import { wellFormed } from "./well-formed.testing.js";

const VIEWERS = 3;
const FIVE_MINUTES = 5 * 60_000;

interface ModelStream {
  text: string;
  status: "live" | "completed" | "failed" | "cancelled";
}

/** What must be true, as far as the outside can know. */
interface Model {
  streams: Map<string, ModelStream>;
  connected: boolean[];
}

/** The real thing. */
class Stage {
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

const histories = fc.commands(
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

async function everyoneCatchesUp(model: Model, stage: Stage): Promise<void> {
  for (const viewer of stage.viewers) {
    if (viewer.link === null) await viewer.connect(stage.host);
    viewer.link?.resume?.();
    viewer.focus(null);
  }
  stage.clock.advance(200);
  for (const [index, viewer] of stage.viewers.entries()) {
    await viewer.until(
      () =>
        viewer.link === null ||
        [...stage.hub.store.streams.keys()].every((id) => {
          const expected = model.streams.get(id);
          return (
            expected !== undefined &&
            viewer.streams.get(id)?.status === expected.status &&
            viewer.holds(id, wellFormed(expected.text, expected.status === "live"))
          );
        }),
    );
    expect(viewer.link, `viewer ${index} is still connected`).not.toBeNull();
    for (const [id, held] of viewer.streams) {
      const expected = model.streams.get(id);
      expect(expected, `${id} is a stream of this epoch`).toBeDefined();
      if (expected === undefined) continue;
      expect(held.status).toBe(expected.status);
      expect(viewer.holds(id, wellFormed(expected.text, expected.status === "live")), `text of ${id}`).toBe(true);
      const folded = viewer.state.streams.get(id);
      const whole = wellFormed(expected.text, expected.status === "live");
      expect(folded?.text.toString()).toBe(whole.slice(folded?.text.start));
      expect(folded).toMatchObject({ status: expected.status, length: whole.length, needsAttach: false });
    }
    expect(viewer.faults).toEqual([]);
  }
}

export function conformanceModel(carrier: Carrier): void {
  it("any history ends with every unit, once, in order, or with a tail that was told", {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.constantFrom(40, 400, 102_400), async (commands, retainedChars) => {
        const stage = new Stage(carrier, retainedChars);
        await stage.open();
        const model: Model = { streams: new Map(), connected: Array.from({ length: VIEWERS }, () => false) };
        try {
          await fc.asyncModelRun(() => ({ model, real: stage }), commands);
          await everyoneCatchesUp(model, stage);
        } finally {
          await stage.close();
        }
      }),
      { numRuns: carrier.runs ?? 100 },
    );
  });

  it("40 streams lose nothing over more than 50 dropped connections", { timeout: 120_000 }, async () => {
    const units = carrier.losslessUnits ?? 20_000;
    const stage = new Stage(carrier, 102_400);
    await stage.open();
    const steady = new Ledger();
    const viewers = [steady, ...Array.from({ length: 5 }, () => new Ledger())];
    const texts = Array.from({ length: 40 }, (_, stream) => wordsOf(stream, units));
    let drops = 0;
    try {
      for (const viewer of viewers) await viewer.connect(stage.host);
      texts.forEach((_, stream) => {
        stage.hub.emit(streamStarted(`s${stream}`));
      });
      // 300 units a second: 15 in 50 ms.
      for (let sent = 0; sent < units; sent += 15) {
        texts.forEach((text, stream) => {
          stage.hub.append(`s${stream}`, text.slice(sent, sent + 15));
        });
        stage.clock.advance(50);
        if ((sent / 15) % 20 !== 10) continue;
        await new Promise((resolve) => setImmediate(resolve));
        const viewer = viewers[1 + (drops % 5)];
        viewer?.drop();
        drops += 1;
        if (drops % 2 === 0) for (const gone of viewers) if (gone.link === null) await gone.connect(stage.host);
      }
      texts.forEach((_, stream) => {
        stage.hub.emit(streamEnded(`s${stream}`));
      });
      stage.clock.advance(100);
      for (const gone of viewers) if (gone.link === null) await gone.connect(stage.host);
      expect(drops).toBeGreaterThanOrEqual(units >= 20_000 ? 50 : 5);
      for (const viewer of viewers) {
        await viewer.until(() => texts.every((_, stream) => viewer.streams.get(`s${stream}`)?.status === "completed"));
        texts.forEach((text, stream) => {
          expect(viewer.streams.get(`s${stream}`)).toMatchObject({ start: 0, text });
        });
        expect(viewer.faults).toEqual([]);
      }
    } finally {
      for (const viewer of viewers) viewer.drop();
      await stage.close();
    }
  });
}

/** Text in which every place is told from every other. */
function wordsOf(stream: number, units: number): string {
  let text = "";
  for (let word = 0; text.length < units; word++) text += `${stream}.${word} 😀 `;
  return text.slice(0, units).replace(/[\ud800-\udbff]$/, "");
}
