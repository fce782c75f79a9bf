import {
  type MouseEvent,
  type PointerEvent,
  type RefObject,
  type SyntheticEvent,
  useLayoutEffect,
  useRef,
  useSyncExternalStore,
} from "react";

/** The dialogs that are open, the topmost last. */
let stack: readonly HTMLDialogElement[] = [];
const listeners = new Set<() => void>();

function setStack(next: readonly HTMLDialogElement[]): void {
  stack = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whatever lies outside this element is neither seen nor heard: the topmost modal dialog, or the page. */
export function topLayer(): HTMLElement {
  return stack.at(-1) ?? document.body;
}

export function useTopLayer(): HTMLElement {
  return useSyncExternalStore(subscribe, topLayer);
}

export interface ModalProps {
  readonly ref: RefObject<HTMLDialogElement | null>;
  readonly onCancel: (event: SyntheticEvent) => void;
  readonly onPointerDown: (event: PointerEvent) => void;
  readonly onClick: (event: MouseEvent) => void;
}

/**
 * What makes a `<dialog>` modal while it is mounted: the platform traps the focus, closes on Escape and gives the focus
 * back. `first` names the selector of what has the focus first. A press that both begins and ends on the backdrop closes.
 */
export function useModal(onClose: () => void, first: string): ModalProps {
  const ref = useRef<HTMLDialogElement>(null);
  const pressed = useRef(false);
  // Closed before it leaves the page: only then does the platform give the focus back.
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (dialog === null || dialog.open) return;
    dialog.showModal();
    setStack([...stack, dialog]);
    (dialog.querySelector<HTMLElement>(first) ?? dialog).focus();
    return () => {
      setStack(stack.filter((other) => other !== dialog));
      dialog.close();
    };
  }, [first]);
  return {
    ref,
    onCancel: (event) => {
      event.preventDefault();
      onClose();
    },
    onPointerDown: (event) => {
      pressed.current = event.target === ref.current;
    },
    // The click of a drag goes to what holds both of its ends, which is the dialog where it left a field.
    onClick: (event) => {
      if (pressed.current && event.target === ref.current) onClose();
    },
  };
}
