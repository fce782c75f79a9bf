// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { copyText } from "./copy-text.js";

let copied: string | undefined;

/** A browser whose clipboard refuses, and whose command asks the page for text, or takes what is selected. */
function command(asks: boolean): void {
  vi.stubGlobal("navigator", { clipboard: { writeText: () => Promise.reject(new Error("denied")) } });
  document.execCommand = () => {
    const { activeElement: field } = document;
    if (asks) {
      const event = Object.assign(new Event("copy", { bubbles: true, cancelable: true }), {
        clipboardData: { setData: (_type: string, text: string) => (copied = text) },
      });
      document.body.dispatchEvent(event);
    } else if (field instanceof HTMLTextAreaElement) {
      copied = field.value.slice(field.selectionStart, field.selectionEnd);
    }
    return asks || field instanceof HTMLTextAreaElement;
  };
}

beforeEach(() => {
  copied = undefined;
  document.body.innerHTML = "<button>Copy</button><p>Some words</p>";
});
afterEach(() => {
  vi.unstubAllGlobals();
});

test.each([true, false])(
  "without a clipboard the text is copied, and focus and selection stay (asked: %s)",
  async (asks) => {
    command(asks);
    const button = document.querySelector("button");
    const words = document.querySelector("p")?.firstChild ?? null;
    if (words === null) throw new Error("no words");
    button?.focus();
    document.getSelection()?.setBaseAndExtent(words, 5, words, 10);
    await copyText("The text");
    expect(copied).toBe("The text");
    expect(document.activeElement).toBe(button);
    expect(document.getSelection()?.toString()).toBe("words");
    expect(document.querySelector("textarea")).toBeNull();
  },
);

test("where nothing may be copied, that is told, and the focus stays", async () => {
  command(true);
  document.execCommand = () => false;
  const button = document.querySelector("button");
  button?.focus();
  await expect(copyText("The text")).rejects.toThrow("Copying is not allowed here");
  expect(document.activeElement).toBe(button);
});
