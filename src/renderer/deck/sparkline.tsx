import { memo, type ReactNode } from "react";
import { RATE_HISTORY } from "../state/rates.js";

const WIDTH = 64;
const HEIGHT = 14;
/** A young stream fills at least this many steps of the width, so that its line is one from the start. */
const FEWEST_STEPS = 7;

/** The rates as a line from the left, scaled so that the highest has a little air above it. */
export function sparklinePoints(rates: readonly number[]): readonly (readonly [number, number])[] {
  const highest = Math.max(1, ...rates) * 1.15;
  const step = WIDTH / Math.max(FEWEST_STEPS, Math.min(RATE_HISTORY, rates.length) - 1);
  return rates.map((rate, at) => [at * step, HEIGHT - 1 - (rate / highest) * (HEIGHT - 2)]);
}

/** Tokens a second over the last seconds. The figure beside it says the present one in words. */
export const Sparkline = memo(function Sparkline({ rates }: { rates: readonly number[] }): ReactNode {
  const points = sparklinePoints(rates);
  const line = points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L");
  const end = points.at(-1);
  return (
    <svg className="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" preserveAspectRatio="none">
      {end === undefined || points.length < 2 ? null : (
        <>
          <path d={`M0 ${HEIGHT}L${line}L${end[0].toFixed(1)} ${HEIGHT}z`} fill="currentColor" fillOpacity="0.22" />
          <path d={`M${line}`} fill="none" stroke="currentColor" strokeWidth="1.2" vectorEffect="non-scaling-stroke" />
        </>
      )}
    </svg>
  );
});
