import { useAtomValue } from "jotai/react";
import type { ReactNode } from "react";
import { streamRatesAtom } from "../state/atoms.js";
import { presentRate } from "../state/rates.js";
import { count } from "../ui/format.js";
import { SHAPE_WORD } from "../ui/state-icon.js";
import { Sparkline } from "./sparkline.js";

/** That a stream is being written, and how fast. */
export function StreamingIndicator({ streamId }: { streamId: string }): ReactNode {
  const rates = useAtomValue(streamRatesAtom(streamId));
  return (
    <>
      <span className="stream-word" data-shape="live">
        {SHAPE_WORD.live}
      </span>
      <span className="stream-rate stream-rate-live">
        {rates.length === 0 ? "" : `${count(presentRate(rates))} tok/s`}
      </span>
      <Sparkline rates={rates} />
    </>
  );
}
