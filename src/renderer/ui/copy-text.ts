import { topLayer } from "./use-modal.js";

/**
 * Puts text on the clipboard, and leaves the focus and the selection alone. Plain http pages of another host have no
 * clipboard, and elsewhere it may not be allowed: the old command serves there.
 */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) {
    try {
      await navigator.clipboard.writeText(text);
      return;
    } catch {
      // The permission may be missing although the clipboard exists.
    }
  }
  if (!copyByEvent(text) && !copyFromField(text)) throw new Error("Copying is not allowed here");
}

/** Hands the text to the command itself. Some browsers ask it only where something is selected. */
function copyByEvent(text: string): boolean {
  let asked = false;
  const put = (event: ClipboardEvent) => {
    asked = event.clipboardData !== null;
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener("copy", put, true);
  const done = document.execCommand("copy");
  document.removeEventListener("copy", put, true);
  return done && asked;
}

function copyFromField(text: string): boolean {
  const focused = document.activeElement;
  const selection = document.getSelection();
  const ranges = Array.from({ length: selection?.rangeCount ?? 0 }, (_, at) => selection?.getRangeAt(at));
  const field = document.createElement("textarea");
  field.value = text;
  field.setAttribute("readonly", "");
  field.style.position = "fixed";
  field.style.opacity = "0";
  topLayer().append(field);
  field.focus({ preventScroll: true });
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  selection?.removeAllRanges();
  for (const range of ranges) if (range !== undefined) selection?.addRange(range);
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return done;
}
