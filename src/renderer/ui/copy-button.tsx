import { type ReactNode, useEffect, useState } from "react";
import { Button, type ButtonProps } from "./button.js";
import { topLayer } from "./use-modal.js";

/** Copies `text()` and says so for a moment. */
export function CopyButton({
  text,
  children,
  ...rest
}: Omit<ButtonProps, "onClick"> & { text: () => string }): ReactNode {
  const [copied, setCopied] = useState<"no" | "yes" | "failed">("no");
  useEffect(() => {
    if (copied === "no") return;
    const timer = setTimeout(() => setCopied("no"), 1600);
    return () => clearTimeout(timer);
  }, [copied]);
  const word = copied === "yes" ? "Copied" : copied === "failed" ? "Copying is not allowed here" : children;
  return (
    <Button
      icon={copied === "yes" ? "check" : "copy"}
      {...rest}
      onClick={() => {
        copyText(text()).then(
          () => setCopied("yes"),
          () => setCopied("failed"),
        );
      }}
    >
      {word}
    </Button>
  );
}

/** Plain http pages of another host have no clipboard; a hidden field and the old command serve there. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) {
    try {
      await navigator.clipboard.writeText(text);
      return;
    } catch {
      // The permission may be missing although the clipboard exists: try the old way.
    }
  }
  const field = document.createElement("textarea");
  field.value = text;
  field.setAttribute("readonly", "");
  field.style.position = "fixed";
  field.style.opacity = "0";
  topLayer().append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (!done) throw new Error("Copying is not allowed here");
}
