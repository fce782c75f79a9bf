import type { KeyboardEvent } from "react";
import type { StreamView } from "../../protocol/view-state.js";
import { cancel, say } from "../state/actions.js";
import { densityAtom } from "../state/preferences.js";
import type { Session } from "../state/session.js";
import { copyStream } from "./stream-menu.js";
import { MOST_COLUMNS, MOST_ROWS, type TileActions } from "./tile-actions.js";
import { scrollsItself, steeredTile } from "./tile-focus.js";
import type { TileModes } from "./tile-modes.js";
import { deckColumns } from "./use-deck-rows.js";

/** Keys of a focused tile, of an agent that writes or waits. Returns whether the key was one. */
export function tileKey(
  event: KeyboardEvent<HTMLElement>,
  session: Session,
  stream: StreamView | undefined,
  actions: TileActions,
): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (session.store.get(densityAtom) === "wall" && wallKey(event, session, stream)) return true;
  if (sizeKey(event, session, actions) || placeKey(event, actions)) return true;
  if (stream === undefined) return false;
  return openKey(event, actions) || streamKey(event, session, stream, actions.modes);
}

/** What a tile of the wall cannot do, it says: what changes unseen would come up later. */
function wallKey(event: KeyboardEvent, session: Session, stream: StreamView | undefined): boolean {
  if (sizeStep(event) !== undefined)
    say(session, "Tiles of the wall are all of one size. Choose another density first.");
  else if (stream !== undefined && ["f", "r", "i"].includes(event.key)) {
    say(session, "A tile of the wall is one line. Open it with Enter, or choose another density.");
  } else return false;
  return true;
}

/** Columns and rows that a key adds, if it is one that resizes. */
function sizeStep({ key, shiftKey, target }: KeyboardEvent): readonly [columns: number, rows: number] | undefined {
  if (key === "+" || key === "-") return [key === "+" ? 1 : -1, 0];
  // In text that scrolls they extend what is selected.
  if (!shiftKey || (key !== "ArrowDown" && key !== "ArrowUp") || scrollsItself(target as Element)) return undefined;
  return [0, key === "ArrowDown" ? 1 : -1];
}

function sizeKey(event: KeyboardEvent<HTMLElement>, session: Session, actions: TileActions): boolean {
  const step = sizeStep(event);
  if (step === undefined) return false;
  const room = deckColumns(event.currentTarget);
  const shown = Math.min(actions.columns, room);
  const [columns, rows] = [shown + step[0], actions.rows + step[1]];
  if (columns > Math.min(room, MOST_COLUMNS)) say(session, "There is no room for a wider tile at this density.");
  else if (rows > MOST_ROWS) say(session, "This tile is as tall as one can be.");
  else if (columns < 1 || rows < 1) say(session, "This tile is as small as one can be.");
  else actions.resize(step[0] === 0 ? actions.columns : columns, rows);
  return true;
}

function placeKey(event: KeyboardEvent, actions: TileActions): boolean {
  switch (event.key) {
    case "p":
      actions.togglePin();
      return true;
    case "h":
      actions.hide();
      return true;
    case "[":
      actions.move(-1);
      return true;
    case "]":
      actions.move(1);
      return true;
    default:
      return false;
  }
}

function openKey(event: KeyboardEvent, actions: TileActions): boolean {
  if (event.key === "Enter") actions.maximise();
  else if (event.key === "x") actions.toggleCompare();
  else return false;
  return true;
}

/** Keys that do something with a stream wherever it is shown. Returns whether the key was one. */
export function streamKey(event: KeyboardEvent, session: Session, stream: StreamView, modes: TileModes): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  switch (event.key) {
    case "s":
      if (stream.status === "live" && session.view.hello?.role === "control") {
        void cancel(session, { stream_id: stream.id });
      }
      return true;
    case "f":
      modes.setFinding(true);
      return true;
    case "c":
      void copyStream(session, stream.id);
      return true;
    case "r":
      modes.setRaw(!modes.raw);
      return true;
    case "i":
      modes.setDetails(!modes.details);
      return true;
    case "PageUp":
    case "PageDown":
    case "Home":
    case "End":
      forward(event);
      return true;
    default:
      return false;
  }
}

/** Hands a scrolling key to the text. */
function forward(event: KeyboardEvent): void {
  const text = event.currentTarget.querySelector('[data-testid="stream-text"]');
  text?.dispatchEvent(new window.KeyboardEvent("keydown", { key: event.key, bubbles: true, cancelable: true }));
}

/** Moves the focus from tile to tile by where they are on the screen. Returns whether the key was an arrow. */
export function moveTileFocus(deck: HTMLElement, key: string): boolean {
  const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  const { activeElement } = document;
  const focused = steeredTile(activeElement);
  if (direction === undefined || activeElement === null || focused === null || scrollsItself(activeElement))
    return false;
  const [dx = 0, dy = 0] = direction;
  const from = focused.getBoundingClientRect();
  let best: HTMLElement | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const tile of deck.querySelectorAll<HTMLElement>(".stream-tile")) {
    const to = tile.getBoundingClientRect();
    const x = to.left + to.width / 2 - (from.left + from.width / 2);
    const y = to.top + to.height / 2 - (from.top + from.height / 2);
    const along = x * dx + y * dy;
    if (tile === focused || along <= 1) continue;
    const across = Math.abs(x * dy) + Math.abs(y * dx);
    const distance = along + across * 3;
    if (distance < bestDistance) {
      bestDistance = distance;
      best = tile;
    }
  }
  best?.focus();
  best?.scrollIntoView({ block: "nearest" });
  return true;
}
