import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { IconButton } from "./button.js";

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
  readonly actions?: ReactNode;
  readonly size?: "normal" | "wide" | "full" | "sheet";
  readonly bodyClass?: string;
}

/**
 * A modal dialog: the platform traps the focus, closes on Escape and gives the focus back. Mounted means open.
 * What is marked `data-autofocus` has the focus first.
 */
export function Dialog({
  title,
  onClose,
  children,
  footer,
  actions,
  size = "normal",
  bodyClass = "",
}: DialogProps): ReactNode {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // Closed before it leaves the page: only then does the platform give the focus back.
  useLayoutEffect(() => {
    const dialog = element.current;
    if (dialog === null || dialog.open) return;
    dialog.showModal();
    (dialog.querySelector<HTMLElement>("[data-autofocus]") ?? dialog).focus();
    return () => dialog.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the click only serves the backdrop; the platform maps Escape to cancel
    <dialog
      ref={element}
      tabIndex={-1}
      className={`dialog ${size === "normal" ? "" : `dialog-${size}`}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === element.current) onClose();
      }}
    >
      <div className="dialog-header">
        <h2 className="dialog-title truncate" id={titleId}>
          {title}
        </h2>
        {actions}
        <IconButton icon="close" label="Close" onClick={onClose} />
      </div>
      <div className={`dialog-body ${bodyClass}`}>{children}</div>
      {footer === undefined ? null : <div className="dialog-footer">{footer}</div>}
    </dialog>
  );
}
