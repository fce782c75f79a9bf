import { type ReactNode, useLayoutEffect, useRef } from "react";
import { Button, type ButtonProps } from "../ui/button.js";
import { focusTileNear } from "./tile-focus.js";

interface HeldButtonProps extends Omit<ButtonProps, "small" | "className" | "disabled"> {
  /** Whether it can be pressed now. */
  readonly shown: boolean;
  /** Read out, and shown as the tooltip, of a button that is an icon alone. */
  readonly label?: string;
}

/** A button that keeps its place while it is not offered: what a press was meant for never turns into another thing. */
export function HeldButton({ shown, label, ...rest }: HeldButtonProps): ReactNode {
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (!shown && button.current !== null && document.activeElement === button.current) focusTileNear(button.current);
  }, [shown]);
  const names = label === undefined ? {} : { "aria-label": label, title: label };
  const classes = [label === undefined ? "" : "button-icon", shown ? "" : "button-held"];
  return <Button {...rest} {...names} ref={button} small disabled={!shown} className={classes.join(" ")} />;
}
