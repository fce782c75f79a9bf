/**
 * Keeps the end of a growing text in sight until the reader goes back, and then leaves every pixel where it is.
 * While it follows there is no scroller at all: the text hangs from the bottom of a clipped box, which costs no scroll
 * per update. The scroller appears with the reader's first move. Touch screens need one from the start, and where a mouse
 * is at hand as well, from the first touch: the finger's move then finds it.
 */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { goToPlace, notePlace, type ReadingPlace } from "./reading-place.js";

const AT_END_PX = 4;
/** A wheel that is already scrolling the deck goes on scrolling the deck. */
const DECK_GESTURE_MS = 350;

let deckScrolledAt = 0;
export function noteDeckScroll(): void {
  deckScrolledAt = performance.now();
}

export interface FollowEnd {
  readonly box: RefObject<HTMLDivElement | null>;
  readonly following: boolean;
  /** Whether the box has a scroller now. */
  readonly scrolls: boolean;
  readonly follow: () => void;
  /** Moves by so many pixels, or to the beginning (-Infinity); leaves the end if need be. */
  readonly scrollBy: (pixels: number) => void;
  /** Leaves the end, by so many pixels or by none: what comes then is below what is seen. */
  readonly hold: (pixels: number) => void;
}

function overflows(box: HTMLElement): boolean {
  const text = box.firstElementChild;
  return text !== null && text.scrollHeight > box.clientHeight + 1;
}

/** Begins at `place`, and leaves there where the reader is in the end. */
export function useFollowEnd(revision: number, place: ReadingPlace): FollowEnd {
  const box = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(place.following);
  const [touch, setTouch] = useState(() => window.matchMedia?.("(pointer: coarse)").matches ?? false);
  const pending = useRef<number | null>(null);
  const scrolls = touch || !following;

  const scrollBy = useCallback(
    (pixels: number) => {
      const element = box.current;
      if (element === null) return;
      if (following && !touch) {
        if (pixels >= 0 || !overflows(element)) return;
        pending.current = pixels;
        setFollowing(false);
      } else element.scrollTop += pixels === Number.NEGATIVE_INFINITY ? -element.scrollHeight : pixels;
    },
    [following, touch],
  );

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    if (!place.following) goToPlace(element, place);
    return () => notePlace(element, place);
  }, [place]);

  useLayoutEffect(() => {
    place.following = following;
    const element = box.current;
    if (element === null || following || pending.current === null) return;
    const end = element.scrollHeight - element.clientHeight;
    element.scrollTop = Math.max(0, end + pending.current);
    pending.current = null;
  }, [following, place]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new revision is what moves the end
  useLayoutEffect(() => {
    const element = box.current;
    if (touch && following && element !== null) element.scrollTop = element.scrollHeight;
  }, [revision, touch, following]);

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const wheel = (event: WheelEvent) => {
      if (event.ctrlKey || event.deltaY >= 0 || performance.now() - deckScrolledAt < DECK_GESTURE_MS) return;
      if (!following || touch || !overflows(element)) return;
      event.preventDefault();
      scrollBy(event.deltaY);
    };
    const pressed = ({ pointerType }: PointerEvent) => {
      if (pointerType === "touch") flushSync(() => setTouch(true));
    };
    let last = element.scrollTop;
    const scrolled = () => {
      const top = element.scrollTop;
      const atEnd = element.scrollHeight - element.clientHeight - top <= AT_END_PX;
      if (atEnd && top > last) setFollowing(true);
      else if (touch && top < last && !atEnd) setFollowing(false);
      last = top;
    };
    element.addEventListener("pointerdown", pressed);
    element.addEventListener("wheel", wheel, { passive: false });
    element.addEventListener("scroll", scrolled, { passive: true });
    return () => {
      element.removeEventListener("pointerdown", pressed);
      element.removeEventListener("wheel", wheel);
      element.removeEventListener("scroll", scrolled);
    };
  }, [following, touch, scrollBy]);

  const follow = useCallback(() => setFollowing(true), []);
  const hold = useCallback(
    (pixels: number) => {
      // A scroller has brought it into sight by itself.
      if (!touch) pending.current = pixels;
      setFollowing(false);
    },
    [touch],
  );
  return { box, following, scrolls, follow, scrollBy, hold };
}
