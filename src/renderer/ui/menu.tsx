import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { Button, type ButtonProps } from "./button.js";
import { Icon, type IconName } from "./icon.js";

const EDGE = 8;
const ITEMS = '[role^="menuitem"]:not(:disabled)';

/** Below the anchor where there is room, above it elsewhere; never outside the window. */
function place(menu: HTMLElement, anchor: DOMRect): void {
  const { width, height } = menu.getBoundingClientRect();
  const left = Math.min(anchor.left, window.innerWidth - width - EDGE);
  const below = anchor.bottom + 4;
  const top = below + height <= window.innerHeight - EDGE ? below : anchor.top - height - 4;
  menu.style.left = `${Math.max(EDGE, left)}px`;
  menu.style.top = `${Math.max(EDGE, top)}px`;
}

function moveFocus(menu: HTMLElement, event: KeyboardEvent): void {
  const items = [...menu.querySelectorAll<HTMLElement>(ITEMS)];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const last = items.length - 1;
  const next = { ArrowDown: at >= last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1, Home: 0, End: last }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  items[next]?.focus();
}

export interface MenuProps extends Omit<ButtonProps, "onClick"> {
  readonly label: ReactNode;
  /** Made only while the menu is open. */
  readonly items: (close: () => void) => ReactNode;
  readonly name: string;
  readonly chevron?: boolean;
}

/** A button that opens a menu; arrow keys, Home, End, Escape and a click elsewhere do what they do everywhere. */
export function Menu({ label, items, name, chevron = false, ...button }: MenuProps): ReactNode {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const close = useCallback(() => {
    setOpen(false);
    anchor.current?.focus();
  }, []);

  useLayoutEffect(() => {
    if (!open || menu.current === null || anchor.current === null) return;
    place(menu.current, anchor.current.getBoundingClientRect());
    (menu.current.querySelector<HTMLElement>(ITEMS) ?? menu.current).focus();
  }, [open]);

  useEffect(() => {
    if (!open) return;
    const outside = (event: PointerEvent) => {
      const target = event.target as Node;
      if (menu.current?.contains(target) || anchor.current?.contains(target)) return;
      setOpen(false);
    };
    document.addEventListener("pointerdown", outside, true);
    return () => document.removeEventListener("pointerdown", outside, true);
  }, [open]);

  const host = anchor.current?.closest("dialog, main, .app-top") ?? document.body;
  return (
    <>
      <Button {...button} ref={anchor} aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(!open)}>
        {label}
        {chevron ? <Icon name="chevron" /> : null}
      </Button>
      {open
        ? createPortal(
            <div
              ref={menu}
              className="menu"
              role="menu"
              aria-label={name}
              tabIndex={-1}
              style={{ zIndex: 20 }}
              onKeyDown={(event) => {
                if (event.key === "Escape" || event.key === "Tab") {
                  event.preventDefault();
                  event.stopPropagation();
                  close();
                } else if (menu.current !== null) moveFocus(menu.current, event);
              }}
            >
              {items(close)}
            </div>,
            host,
          )
        : null}
    </>
  );
}

export interface MenuItemProps {
  readonly children: ReactNode;
  readonly onSelect: () => void;
  readonly icon?: IconName;
  readonly keys?: string;
  readonly note?: string;
  readonly disabled?: boolean;
  /** For entries that are one of several or on and off. */
  readonly checked?: boolean;
}

export function MenuItem({ children, onSelect, icon, keys, note, disabled, checked }: MenuItemProps): ReactNode {
  const check = checked === undefined ? icon : checked ? "check" : undefined;
  const inside = (
    <>
      {check === undefined ? <span className="icon" /> : <Icon name={check} />}
      <span className="menu-item-text truncate">
        {children}
        {note === undefined ? null : <span className="menu-item-note truncate">{note}</span>}
      </span>
      {keys === undefined ? null : <kbd className="kbd">{keys}</kbd>}
    </>
  );
  const common = { type: "button", className: "menu-item", disabled, onClick: onSelect } as const;
  if (checked === undefined) {
    return (
      <button {...common} role="menuitem">
        {inside}
      </button>
    );
  }
  return (
    <button {...common} role="menuitemcheckbox" aria-checked={checked}>
      {inside}
    </button>
  );
}

/** Something to know where there is nothing to do: the arrow keys reach it, so that it is read out. */
export function MenuNote({ children }: { children: ReactNode }): ReactNode {
  return (
    <div className="menu-note" role="menuitem" aria-disabled="true" tabIndex={-1}>
      {children}
    </div>
  );
}

export function MenuHeading({ children }: { children: ReactNode }): ReactNode {
  return (
    <div className="menu-heading" role="presentation">
      {children}
    </div>
  );
}

export function MenuSeparator(): ReactNode {
  return <div className="menu-separator" role="presentation" />;
}
