import { type KeyboardEvent, type ReactNode, useId } from "react";
import { IconButton } from "./button.js";
import { useModal } from "./use-modal.js";

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
  readonly actions?: ReactNode;
  readonly size?: "normal" | "wide" | "full" | "sheet";
  readonly bodyClass?: string;
  readonly onKeyDown?: (event: KeyboardEvent<HTMLDialogElement>) => void;
}

/** A modal dialog. Mounted means open. What is marked `data-autofocus` has the focus first. */
export function Dialog({
  title,
  onClose,
  children,
  footer,
  actions,
  size = "normal",
  bodyClass = "",
  onKeyDown,
}: DialogProps): ReactNode {
  const modal = useModal(onClose, "[data-autofocus]");
  const titleId = useId();
  return (
    <dialog
      {...modal}
      tabIndex={-1}
      className={`dialog ${size === "normal" ? "" : `dialog-${size}`}`}
      aria-labelledby={titleId}
      onKeyDown={onKeyDown}
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
