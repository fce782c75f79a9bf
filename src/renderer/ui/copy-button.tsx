import { type ReactNode, useEffect, useState } from "react";
import { Button, type ButtonProps } from "./button.js";
import { copyText } from "./copy-text.js";

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
