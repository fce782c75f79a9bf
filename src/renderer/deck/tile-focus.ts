/** Gives the focus of a control that goes to the tile it is in, or to the nearest thing around it that can have it. */
export function focusTileNear(control: Element): void {
  const place =
    control.closest<HTMLElement>(".stream-tile, dialog") ??
    control.closest(".deck-group")?.querySelector<HTMLElement>(".stream-tile");
  place?.focus({ preventScroll: true });
}
