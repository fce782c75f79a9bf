import { type ReactNode, useEffect, useState } from "react";
import { copyText } from "../ui/copy-text.js";

/** How long a copy is confirmed, in milliseconds. */
const CONFIRMED_FOR = 2_000;

type State = "ready" | "copied" | "failed";

const labels: Record<State, string> = {
  ready: "Copy code",
  copied: "Code copied",
  failed: "Could not copy: select the code and press Ctrl+C",
};
const words: Record<State, string> = { ready: "Copy", copied: "Copied", failed: "Not copied" };

/** Puts `text` on the clipboard. */
export function CopyButton({ text }: { text: string }): ReactNode {
  const [state, setState] = useState<State>("ready");
  useEffect(() => {
    if (state === "ready") return undefined;
    const timer = setTimeout(() => setState("ready"), CONFIRMED_FOR);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async (): Promise<void> => {
    try {
      await copyText(text);
      setState("copied");
    } catch {
      setState("failed");
    }
  };
  return (
    <button
      type="button"
      className="md-copy"
      aria-label={labels[state]}
      title={labels[state]}
      onClick={() => void copy()}
    >
      {words[state]}
    </button>
  );
}
