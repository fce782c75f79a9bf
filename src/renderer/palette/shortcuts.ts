/** Every shortcut, for the keyboard handler's reader and for the list on `?`. */
export interface ShortcutGroup {
  readonly name: string;
  readonly keys: readonly (readonly [keys: string, words: string])[];
}

export const SHORTCUTS: readonly ShortcutGroup[] = [
  {
    name: "Anywhere",
    keys: [
      ["Ctrl K", "Command palette (⌘K on a Mac)"],
      ["p", "Publish"],
      ["/", "Filter tiles"],
      ["1 … 4", "Deck, graph, timeline, board"],
      ["− +", "Less or more on the screen"],
      ["t", "To the first tile"],
      ["?", "This list"],
      ["Esc", "Close what is open"],
    ],
  },
  {
    name: "On a tile, and in full screen",
    keys: [
      ["Page Up, Home", "Read back; the end waits"],
      ["End", "Jump to live"],
      ["s", "Stop this stream"],
      ["f", "Find in stream"],
      ["c", "Copy as Markdown"],
      ["r", "Raw view"],
      ["i", "Timings and lag"],
    ],
  },
  {
    name: "On a tile",
    keys: [
      ["← ↑ → ↓", "To the next tile"],
      ["Enter", "Open full screen"],
      ["x", "Pick for comparing"],
      ["p", "Pin first"],
      ["h", "Hide"],
      ["[ ]", "Move back or on"],
      ["+ −", "Wider or narrower"],
      ["Shift ↓ ↑", "Taller or shorter"],
    ],
  },
];
