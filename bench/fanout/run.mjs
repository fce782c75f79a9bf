/**
 * 100 streams × 50 tokens/s to 1, 20, 100 and 500 viewers: the whole relay beside the specification's literal design,
 * socket.io, and a bare server that only writes the same number of bytes: the floor. CPU is the server process's, above
 * that of the same server with no viewer.
 */
import { installBaselines } from "../lib/baselines.mjs";
import { check } from "../lib/report.mjs";
import { median, percentile, round } from "../lib/stats.mjs";
import { measureLoad } from "./load.mjs";

const FLUSH_MS = 50;
/** Text that comes slower than one token a flush interval is not held back. */
const ONE_STREAM = { kind: "flockdeck", viewers: 1, streams: 1, rate: 10 };

/** A viewer that decodes everything counts no frames. */
const counted = (value) => (Number.isNaN(value) ? "–" : round(value, 1));

export async function run({ quick }) {
  if (!quick) installBaselines();
  const plan = quick
    ? [
        ["flockdeck", 0],
        ["flockdeck", 20],
        ["flockdeck", 100],
        ["bare", 0],
        ["bare", 100],
        ["literal", 0],
        ["literal", 20],
      ]
    : ["flockdeck", "literal", "socketio"].flatMap((kind) => [0, 1, 20, 100].map((viewers) => [kind, viewers]));
  if (!quick) plan.push(["flockdeck", 500], ...[0, 20, 100, 500].map((viewers) => ["bare", viewers]));
  const rounds = quick ? 1 : 5;
  const found = new Map(plan.map(([kind, viewers]) => [`${kind} ${viewers}`, []]));
  for (let index = 0; index < rounds; index += 1) {
    for (const [kind, viewers] of plan) {
      found.get(`${kind} ${viewers}`).push(await measureLoad({ kind, viewers, seconds: quick ? 3 : 5 }));
    }
  }
  const single = [];
  for (let index = 0; index < rounds; index += 1)
    single.push(await measureLoad({ ...ONE_STREAM, seconds: quick ? 3 : 5 }));
  const of = (kind, viewers, value) => median((found.get(`${kind} ${viewers}`) ?? []).map(value));
  const above = (kind, viewers) => of(kind, viewers, ({ cores }) => cores) - of(kind, 0, ({ cores }) => cores);
  const lag = (kind, viewers, p) => of(kind, viewers, ({ lags }) => percentile(lags, p));

  const rows = plan
    .filter(([, viewers]) => viewers > 0)
    .map(([kind, viewers]) => ({
      server: kind,
      viewers,
      "core above idle": round(above(kind, viewers), 3),
      "tokens/s delivered": Math.round(of(kind, viewers, ({ delivered }) => delivered)),
      "kB/s a viewer": counted(of(kind, viewers, ({ bytes }) => bytes / 1000)),
      "frames/s a viewer": counted(of(kind, viewers, ({ frames }) => frames)),
      "lag p50 ms": Math.round(lag(kind, viewers, 50)),
      "lag p99 ms": Math.round(lag(kind, viewers, 99)),
      "memory MiB": Math.round(of(kind, viewers, ({ rss }) => rss)),
    }));
  const share = (kind, viewers) => of(kind, viewers, ({ delivered, produced }) => delivered / produced);
  const checks = [
    check("20 viewers: CPU over the literal design's", above("flockdeck", 20) / above("literal", 20), 1 / 20),
    check("100 viewers: core above idle", above("flockdeck", 100), 0.05),
    check("100 viewers: share of tokens delivered", share("flockdeck", 100), 0.99, { atLeast: true }),
    check("one stream of 10 tokens/s: p50 lag in ms", median(single.map(({ lags }) => percentile(lags, 50))), 5),
    check("100 viewers: p99 lag in ms", lag("flockdeck", 100, 99), FLUSH_MS + 25),
    check(
      "kB/s a viewer at 100",
      of("flockdeck", 100, ({ bytes }) => bytes / 1000),
      25,
    ),
    check(
      "20 viewers: bytes over the literal design's",
      of("flockdeck", 20, ({ bytes }) => bytes) / of("literal", 20, ({ bytes }) => bytes),
      0.1,
    ),
  ];
  if (!quick) {
    checks.push(
      check("20 viewers: CPU over socket.io's", above("flockdeck", 20) / above("socketio", 20), 1 / 20),
      check("500 viewers: core above idle", above("flockdeck", 500), 0.15),
      check("500 viewers: share of tokens delivered", share("flockdeck", 500), 0.99, { atLeast: true }),
      check("500 viewers: p99 lag in ms", lag("flockdeck", 500, 99), FLUSH_MS + 25),
    );
  }
  return { rows, checks };
}
