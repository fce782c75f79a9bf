import fc from "fast-check";
import { expect, test } from "vitest";
import { settled } from "./fake-clock.testing.js";
import { Bench, GatedEngine } from "./flock.testing.js";

const types = ["A", "B", "C"];

test("limits hold at every moment, no slot stays empty while somebody may use it, and every run is run", async () => {
  const limits = fc.record({
    each: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 3, maxLength: 3 }),
    overall: fc.integer({ min: 1, max: 5 }),
    published: fc.array(fc.nat(2), { maxLength: 20 }),
    finishing: fc.array(fc.nat(9), { minLength: 20, maxLength: 20 }),
  });
  await fc.assert(
    fc.asyncProperty(limits, async ({ each, overall, published, finishing }) => {
      const engine = new GatedEngine();
      const bench = new Bench({ maxConcurrency: overall });
      for (const [at, limit] of each.entries())
        bench.flock
          .agent(`agent ${at}`)
          .consumes(types[at] ?? "")
          .maxConcurrency(limit)
          .withEngine(engine);
      for (const [n, at] of published.entries()) await bench.publish(types[at] ?? "", n);
      const left = types.map((_, at) => published.filter((type) => type === at).length);
      const running: number[] = [];
      let started = 0;
      for (let finished = 0; finished < published.length; finished++) {
        await settled();
        for (; started < engine.calls.length; started++) running.push(started);
        const busy = each.map(
          (_, at) => running.filter((call) => engine.call(call).agentName === `agent ${at}`).length,
        );
        for (const [at, limit] of each.entries()) expect(busy[at]).toBeLessThanOrEqual(limit);
        const possible = each.reduce((sum, limit, at) => sum + Math.min(limit, left[at] ?? 0), 0);
        expect(running.length).toBe(Math.min(overall, possible));
        const [call = 0] = running.splice((finishing[finished] ?? 0) % running.length, 1);
        const at = Number(engine.call(call).agentName.slice(-1));
        left[at] = (left[at] ?? 0) - 1;
        engine.call(call).finish();
      }
      await bench.flock.runUntilIdle();
      expect(engine.calls).toHaveLength(published.length);
    }),
    { numRuns: 60 },
  );
});
