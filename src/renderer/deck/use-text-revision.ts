import { useStore } from "jotai/react";
import { type RefObject, useEffect, useState } from "react";
import { streamRevisionAtom } from "../state/atoms.js";

/** The revision of a stream's text. One that `grow` has shown by itself, which it tells by true, renders nothing. */
export function useTextRevision(streamId: string, grow: RefObject<() => boolean>): number {
  const store = useStore();
  const [revision, setRevision] = useState(() => store.get(streamRevisionAtom(streamId)));
  useEffect(() => {
    const source = streamRevisionAtom(streamId);
    setRevision(store.get(source));
    return store.sub(source, () => {
      if (!grow.current()) setRevision(store.get(source));
    });
  }, [store, streamId, grow]);
  return revision;
}
