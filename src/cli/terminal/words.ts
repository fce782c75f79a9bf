/** Short times and numbers, as people read them. */

/** Seconds → `0s`, `12s`, `3m 05s`, `1h 02m`. */
export function shortTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole}s`;
  const two = (value: number) => String(value).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${two(whole % 60)}s`;
  return `${Math.floor(whole / 3600)}h ${two(Math.floor((whole % 3600) / 60))}m`;
}

/** `1,204 tok`. */
export function tokens(count: number): string {
  return `${Math.round(count).toLocaleString("en-US")} tok`;
}

export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
