/** The random part of the conformance suite: any history ends with every unit, once, in order, or with a told tail. */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Carrier } from "./conformance.testing.js";
import { histories, type Model, Stage, VIEWERS } from "./conformance-commands.testing.js";
import { streamEnded, streamStarted } from "./hub.testing.js";
import { Ledger } from "./ledger.testing.js";
import { wellFormed } from "./well-formed.testing.js";

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
        // Also what the hub has let go of since: its end may still be on the way.
        [...stage.hub.store.streams.keys(), ...viewer.streams.keys()].every((id) => {
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

const DROPS = 60;

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

  const seed = Date.now() % 2 ** 32;
  it(`40 streams lose nothing over ${DROPS} connections dropped at random (seed ${seed})`, {
    timeout: 120_000,
  }, async () => {
    const units = 20_000;
    const stage = new Stage(carrier, 102_400);
    await stage.open();
    const steady = new Ledger();
    const viewers = [steady, ...Array.from({ length: 5 }, () => new Ledger())];
    const texts = Array.from({ length: 40 }, (_, stream) => wordsOf(stream, units));
    const random = seeded(seed);
    const ticks = Math.ceil(units / 15);
    const dropsAt = new Set<number>();
    while (dropsAt.size < DROPS) dropsAt.add(Math.floor(random() * ticks));
    try {
      for (const viewer of viewers) await viewer.connect(stage.host);
      texts.forEach((_, stream) => {
        stage.hub.emit(streamStarted(`s${stream}`));
      });
      // 300 units a second: 15 in 50 ms.
      for (let tick = 0; tick < ticks; tick += 1) {
        const sent = tick * 15;
        texts.forEach((text, stream) => {
          stage.hub.append(`s${stream}`, text.slice(sent, sent + 15));
        });
        stage.clock.advance(50);
        if (!dropsAt.has(tick)) continue;
        await new Promise((resolve) => setImmediate(resolve));
        const connected = viewers.filter((viewer) => viewer !== steady && viewer.link !== null);
        connected[Math.floor(random() * connected.length)]?.drop();
        for (const gone of viewers)
          if (gone.link === null && (connected.length === 1 || random() < 0.5)) await gone.connect(stage.host);
      }
      texts.forEach((_, stream) => {
        stage.hub.emit(streamEnded(`s${stream}`));
      });
      stage.clock.advance(100);
      for (const gone of viewers) if (gone.link === null) await gone.connect(stage.host);
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

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Text in which every place is told from every other. */
function wordsOf(stream: number, units: number): string {
  let text = "";
  for (let word = 0; text.length < units; word++) text += `${stream}.${word} 😀 `;
  return text.slice(0, units).replace(/[\ud800-\udbff]$/, "");
}
