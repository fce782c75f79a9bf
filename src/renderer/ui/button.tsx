import { type ButtonHTMLAttributes, type ReactNode, type RefObject, useRef } from "react";
import { Icon, type IconName } from "./icon.js";
import { useFocusLeft } from "./use-focus-left.js";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: "plain" | "outline" | "solid" | "danger";
  readonly small?: boolean;
  readonly icon?: IconName;
  readonly ref?: RefObject<HTMLButtonElement | null>;
}

/** A button that does not take the focus with it when it goes. */
export function Button({
  look = "plain",
  small = false,
  icon,
  className = "",
  children,
  ref,
  ...rest
}: ButtonProps): ReactNode {
  const own = useRef<HTMLButtonElement>(null);
  const button = ref ?? own;
  useFocusLeft(button);
  const classes = ["button", look === "plain" ? "" : `button-${look}`, small ? "button-small" : "", className];
  return (
    <button type="button" ref={button} className={classes.filter(Boolean).join(" ")} {...rest}>
      {icon === undefined ? null : <Icon name={icon} />}
      {children}
    </button>
  );
}

export interface IconButtonProps extends Omit<ButtonProps, "children" | "icon"> {
  readonly icon: IconName;
  /** Read out, and shown as the tooltip. */
  readonly label: string;
}

export function IconButton({ icon, label, className = "", ...rest }: IconButtonProps): ReactNode {
  return (
    <Button className={`button-icon ${className}`} aria-label={label} title={label} {...rest}>
      <Icon name={icon} />
    </Button>
  );
}
