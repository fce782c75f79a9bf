import type { ReactNode } from "react";
import type { StreamView } from "../../protocol/view-state.js";
import { count } from "../ui/format.js";
import { Icon } from "../ui/icon.js";

const WHY = {
  attached: "they were no longer kept when this viewer came",
  lagged: "this viewer was too far behind",
  truncated: "the stream outgrew what is kept",
} as const;

/** Says where and how much text this viewer cannot have. No gap is silent. */
export function LossMarker({ stream }: { stream: StreamView }): ReactNode {
  if (stream.lostUnits === 0) return null;
  const why = stream.lastReset === null ? "they are no longer kept" : WHY[stream.lastReset.reason];
  return (
    <p className="loss-marker">
      <Icon name="warning" />
      <span>
        The first {count(stream.lostUnits)} characters are missing here: {why}. The text goes on below.
      </span>
    </p>
  );
}
