import { useMemo, useState } from "react";

/** What the reader switched on in one tile. */
export interface TileModes {
  readonly raw: boolean;
  readonly finding: boolean;
  readonly details: boolean;
  readonly setRaw: (on: boolean) => void;
  readonly setFinding: (on: boolean) => void;
  readonly setDetails: (on: boolean) => void;
}

export function useTileModes(): TileModes {
  const [raw, setRaw] = useState(false);
  const [finding, setFinding] = useState(false);
  const [details, setDetails] = useState(false);
  return useMemo(() => ({ raw, finding, details, setRaw, setFinding, setDetails }), [raw, finding, details]);
}
