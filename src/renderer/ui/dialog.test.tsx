// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { Provider } from "jotai/react";
import { createStore } from "jotai/vanilla";
import { afterEach, expect, test, vi } from "vitest";
import { Announcements, Notice } from "../shell/notice.js";
import { noticeAtom } from "../state/interface.js";
import { Dialog } from "./dialog.js";

afterEach(cleanup);

function opened(onClose = () => {}) {
  render(
    <Dialog title="Edit" onClose={onClose}>
      <textarea aria-label="Text" />
    </Dialog>,
  );
  return { dialog: screen.getByRole("dialog"), field: screen.getByLabelText("Text") };
}

test("a press on the backdrop closes", () => {
  const onClose = vi.fn();
  const { dialog } = opened(onClose);
  fireEvent.pointerDown(dialog);
  fireEvent.click(dialog);
  expect(onClose).toHaveBeenCalledOnce();
});

test("a selection that is dragged out of a field and let go over the backdrop closes nothing", () => {
  const onClose = vi.fn();
  const { dialog, field } = opened(onClose);
  fireEvent.pointerDown(field);
  fireEvent.pointerUp(dialog);
  fireEvent.click(dialog);
  expect(onClose).not.toHaveBeenCalled();
});

test("notices are said inside the topmost dialog, which is all that is seen and heard while it is open", () => {
  const store = createStore();
  const page = (dialogs: readonly string[]) => (
    <Provider store={store}>
      {dialogs.map((title) => (
        <Dialog key={title} title={title} onClose={() => {}}>
          text
        </Dialog>
      ))}
      <Notice />
      <Announcements />
    </Provider>
  );
  const { rerender } = render(page(["One", "Two"]));
  act(() => store.set(noticeAtom, { text: "Copied", failed: false }));
  const home = () => screen.getByText("Copied").closest("dialog")?.getAttribute("aria-labelledby");
  const idOf = (title: string) => screen.getByText(title).id;
  expect(home()).toBe(idOf("Two"));
  expect(screen.getByTestId("announcements").closest("dialog")?.getAttribute("aria-labelledby")).toBe(idOf("Two"));
  rerender(page(["One"]));
  expect(home()).toBe(idOf("One"));
  rerender(page([]));
  expect(home()).toBeUndefined();
});
