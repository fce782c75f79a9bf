import wrapAnsi from "wrap-ansi";

/** Lines of at most `width` columns (at least 10), styles carried over. */
export function wrap(text: string, width: number): string[] {
  return wrapAnsi(text, Math.max(width, 10), { hard: true, trim: true }).split("\n");
}
