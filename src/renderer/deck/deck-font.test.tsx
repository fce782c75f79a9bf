// @vitest-environment happy-dom
import { act, cleanup, render } from "@testing-library/react";
import { type ReactNode, useRef } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { useDeckRows } from "./use-deck-rows.js";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  Reflect.deleteProperty(document, "fonts");
});

function Deck(): ReactNode {
  const deck = useRef<HTMLDivElement>(null);
  useDeckRows(deck, "comfortable", 12, 12);
  return (
    <div ref={deck} data-testid="deck">
      <div className="deck-probe" />
      <div className="deck-grid" />
    </div>
  );
}

test("columns are counted anew when the font has come", () => {
  let columns = 3;
  const tracks = () => ({ gridTemplateColumns: Array.from({ length: columns }, () => "350px").join(" ") });
  vi.stubGlobal("getComputedStyle", tracks);
  const fonts = new EventTarget();
  Object.defineProperty(document, "fonts", { value: fonts, configurable: true });
  const { getByTestId, unmount } = render(<Deck />);
  const counted = () => getByTestId("deck").style.getPropertyValue("--deck-columns");
  expect(counted()).toBe("3");
  columns = 4;
  act(() => void fonts.dispatchEvent(new Event("loadingdone")));
  expect(counted()).toBe("4");
  const removed = vi.spyOn(fonts, "removeEventListener");
  unmount();
  expect(removed).toHaveBeenCalledWith("loadingdone", expect.any(Function));
});
