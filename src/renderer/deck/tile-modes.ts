import { useMemo, useRef, useState } from "react";

/** What the search has to know when its tile comes back on screen. Mutable. */
export interface KeptSearch {
  query: string;
  /** Set by the reader's asking for the search; whoever gives it the focus takes it back. */
  wantsFocus: boolean;
}

/** What the reader switched on in one tile. */
export interface TileModes {
  readonly raw: boolean;
  readonly finding: boolean;
  readonly details: boolean;
  readonly search: KeptSearch;
  readonly setRaw: (on: boolean) => void;
  readonly setFinding: (on: boolean) => void;
  readonly setDetails: (on: boolean) => void;
}

export function useTileModes(): TileModes {
  const [raw, setRaw] = useState(false);
  const [finding, setFinding] = useState(false);
  const [details, setDetails] = useState(false);
  const { current: search } = useRef<KeptSearch>({ query: "", wantsFocus: false });
  return useMemo(() => {
    const setSearching = (on: boolean) => {
      search.wantsFocus = on;
      if (!on) search.query = "";
      setFinding(on);
    };
    return { raw, finding, details, search, setRaw, setFinding: setSearching, setDetails };
  }, [raw, finding, details, search]);
}
