/** Whether a viewer that stops reading is felt by the others, or in the server's memory: the same load with and without. */
import { measureLoad } from "../fanout/load.mjs";
import { check } from "../lib/report.mjs";
import { median, percentile, round } from "../lib/stats.mjs";

export async function run({ quick }) {
  const rounds = quick ? 2 : 5;
  const seconds = quick ? 5 : 20;
  const found = { without: [], with: [] };
  for (let index = 0; index < rounds; index += 1) {
    found.without.push(await measureLoad({ kind: "flockdeck", viewers: 20, seconds }));
    found.with.push(await measureLoad({ kind: "flockdeck", viewers: 20, stuck: 1, seconds }));
  }
  const of = (which, value) => median(found[which].map(value));
  const p99 = ({ lags }) => percentile(lags, 99);
  return {
    rows: Object.keys(found).map((which) => ({
      load: which === "with" ? "20 viewers and one that stopped reading" : "20 viewers",
      "lag p50 ms": Math.round(of(which, ({ lags }) => percentile(lags, 50))),
      "lag p99 ms": Math.round(of(which, p99)),
      "core above an idle machine": round(
        of(which, ({ cores }) => cores),
        3,
      ),
      "memory MiB": Math.round(of(which, ({ rss }) => rss)),
    })),
    checks: [
      check("p99 lag of the others, with minus without, in ms", of("with", p99) - of("without", p99), 100),
      check(
        "memory of the server, with minus without, in MiB",
        of("with", ({ rss }) => rss) - of("without", ({ rss }) => rss),
        20,
      ),
    ],
  };
}
