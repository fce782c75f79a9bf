import { memo, type ReactNode } from "react";
import { RATE_HISTORY } from "../state/rates.js";

const BAR = "linear-gradient(currentColor, currentColor)";

/** Heights of the bars in percent, scaled so that the highest has a little air above it; the last stand still has a foot. */
export function sparklineHeights(rates: readonly number[]): readonly number[] {
  const highest = Math.max(1, ...rates) * 1.15;
  return rates.map((rate) => Math.round(6 + (rate / highest) * 94));
}

/**
 * Tokens a second over the last seconds, a bar each, the present at the right. The figure beside it says the present one
 * in words. Bars are backgrounds, because every `svg` of a tile costs each frame a part of its own.
 */
export const Sparkline = memo(function Sparkline({ rates }: { rates: readonly number[] }): ReactNode {
  const heights = sparklineHeights(rates);
  const empty = RATE_HISTORY - heights.length;
  return (
    <span
      className="sparkline"
      aria-hidden="true"
      style={{
        backgroundImage: heights.map(() => BAR).join(),
        backgroundSize: heights.map((height) => `calc(${100 / RATE_HISTORY}% - 1px) ${height}%`).join(),
        backgroundPosition: heights
          .map((_, at) => `${(((empty + at) / (RATE_HISTORY - 1)) * 100).toFixed(2)}% 100%`)
          .join(),
      }}
    />
  );
});
