import { type ReactNode, useLayoutEffect, useRef } from "react";
import type { StreamText } from "../../protocol/stream-text.js";

/** The text as it came. What is new is added to the text node, so that a selection in it stays. */
export function StreamRaw({ text }: { text: StreamText }): ReactNode {
  const box = useRef<HTMLPreElement>(null);
  const shown = useRef({ end: 0, generation: -1 });
  useLayoutEffect(() => {
    const { end, generation } = text;
    const before = shown.current;
    const node = box.current?.firstChild;
    if (node instanceof Text && generation === before.generation) node.appendData(text.slice(before.end));
    else box.current?.replaceChildren(text.slice());
    shown.current = { end, generation };
  });
  return <pre className="stream-raw" ref={box} />;
}
