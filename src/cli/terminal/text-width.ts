/** Text measured and cut in terminal columns: CJK and emoji take two. */
import stringWidth from "string-width";

export { stringWidth };

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Cuts plain text to at most `columns`, ending in `…` where something is missing. */
export function truncate(text: string, columns: number): string {
  if (columns <= 0) return "";
  if (stringWidth(text) <= columns) return text;
  let kept = "";
  let width = 0;
  for (const { segment } of segmenter.segment(text)) {
    const next = width + stringWidth(segment);
    if (next > columns - 1) break;
    kept += segment;
    width = next;
  }
  return `${kept}…`;
}

/** Fills up to `columns` with spaces; longer text is cut. */
export function toWidth(text: string, columns: number, align: "left" | "right" | "center" = "left"): string {
  const cut = truncate(text, columns);
  const room = Math.max(0, columns - stringWidth(cut));
  if (align === "right") return " ".repeat(room) + cut;
  if (align === "center") return " ".repeat(room >> 1) + cut + " ".repeat(room - (room >> 1));
  return cut + " ".repeat(room);
}

/** Control characters but the newline, and what turns the direction of writing. */
const CONTROLS = /[^\P{Cc}\n]|[\p{Bidi_Control}\u2028\u2029]/gu;

/** Removes what a terminal could take for a command, and what turns the direction of writing; tabs become spaces. */
export function printable(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(/\t/g, "    ").replace(CONTROLS, "");
}
