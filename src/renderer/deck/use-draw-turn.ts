import { useEffect, useState } from "react";
import { useSession } from "../app-context.js";

/** UTF-16 units of text that are drawn without waiting: a screen or two of a tile. */
const SHORT = 500;

/** Whether the text of this stream may be drawn: at once where it is short, otherwise when its turn has come. */
export function useDrawTurn(streamId: string): boolean {
  const session = useSession();
  const [drawn, setDrawn] = useState(() => {
    const text = session.view.streams.get(streamId)?.text;
    return text === undefined || text.end - text.start <= SHORT;
  });
  useEffect(() => (drawn ? undefined : session.turnToDraw(() => setDrawn(true))), [session, drawn]);
  return drawn;
}
