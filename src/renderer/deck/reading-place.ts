import type { StreamText } from "../../protocol/stream-text.js";

/** Where a reader is in the text of a stream. Mutable: whoever shows the text keeps it true. */
export interface ReadingPlace {
  following: boolean;
  /** End of the text, as an offset in the stream, when the reader last was there. */
  leftAt: number;
  /** Pixels above the view, for what has no groups. */
  top: number;
  /** The group that the view begins in, and the pixels of it above the view: heights of others are not known at first. */
  group: number;
  within: number;
}

export function newPlace(): ReadingPlace {
  return { following: true, leftAt: 0, top: 0, group: -1, within: 0 };
}

const places = new WeakMap<StreamText, ReadingPlace>();

/** The place in a stream that its tiles share one after the other; forgotten with the stream. */
export function placeIn(text: StreamText): ReadingPlace {
  const place = places.get(text) ?? newPlace();
  places.set(text, place);
  return place;
}

export function notePlace(box: HTMLElement, place: ReadingPlace): void {
  const { top } = box.getBoundingClientRect();
  const groups = groupsIn(box);
  place.top = box.scrollTop;
  place.group = groups.findLastIndex((group) => group.getBoundingClientRect().top <= top);
  place.within = top - (groups[place.group]?.getBoundingClientRect().top ?? top);
}

export function goToPlace(box: HTMLElement, place: ReadingPlace): void {
  const group = groupsIn(box)[place.group];
  if (group === undefined) box.scrollTop = place.top;
  else box.scrollTop += group.getBoundingClientRect().top - box.getBoundingClientRect().top + place.within;
}

function groupsIn(box: HTMLElement): Element[] {
  return [...box.querySelectorAll(".md-group")];
}
