/** Whether cost grows faster than load: CPU per viewer from 20 to 200 viewers, per stream from 50 to 400 streams. */
import { measureLoad } from "../fanout/load.mjs";
import { check } from "../lib/report.mjs";
import { median, round } from "../lib/stats.mjs";

const AGENT_RATE = 50;

export async function run({ quick }) {
  const rounds = quick ? 2 : 5;
  const seconds = quick ? 3 : 5;
  const cases = [
    { name: "20 viewers", viewers: 20, streams: 100, per: 20 },
    { name: "200 viewers", viewers: 200, streams: 100, per: 200 },
    { name: "50 streams", viewers: 20, streams: 50, per: 50 },
    { name: "400 streams", viewers: 20, streams: 400, per: 400 },
  ];
  const cores = new Map(cases.map(({ name }) => [name, []]));
  for (let index = 0; index < rounds; index += 1)
    for (const { name, viewers, streams } of cases)
      cores
        .get(name)
        .push((await measureLoad({ kind: "flockdeck", viewers, streams, rate: AGENT_RATE, seconds })).cores);
  const perUnit = (name) => median(cores.get(name)) / cases.find((each) => each.name === name).per;
  return {
    rows: cases.map(({ name, per }) => ({
      load: name,
      core: round(median(cores.get(name)), 3),
      "millicores each": round((1000 * median(cores.get(name))) / per, 3),
    })),
    checks: [
      { ...check("CPU per viewer, 200 over 20", perUnit("200 viewers") / perUnit("20 viewers"), 1.1), growth: true },
      { ...check("CPU per stream, 400 over 50", perUnit("400 streams") / perUnit("50 streams"), 1.1), growth: true },
    ],
  };
}
