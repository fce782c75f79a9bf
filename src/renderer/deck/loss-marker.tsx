import { memo, type ReactNode } from "react";
import { count } from "../ui/format.js";
import { Icon } from "../ui/icon.js";

const WHY = {
  attached: "they were no longer kept when this viewer came",
  lagged: "this viewer was too far behind",
  truncated: "the stream outgrew what is kept",
} as const;

interface LossMarkerProps {
  readonly units: number;
  readonly reason: keyof typeof WHY | null;
}

/** Says where and how much text this viewer cannot have. No gap is silent. */
export const LossMarker = memo(function LossMarker({ units, reason }: LossMarkerProps): ReactNode {
  if (units === 0) return null;
  return (
    <p className="loss-marker">
      <Icon name="warning" />
      <span>
        The first {count(units)} characters are missing here:{" "}
        {reason === null ? "they are no longer kept" : WHY[reason]}. The text goes on below.
      </span>
    </p>
  );
});
