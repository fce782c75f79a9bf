/** Short forms of numbers and times, for people. */

/** `12s`, `3m`, `2h`: the age or length of something, in milliseconds. */
export function shortDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 100) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}

/** `1:05`, `1:02:03`: a place in something that is played, in milliseconds. */
export function playTime(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = String(seconds % 60).padStart(2, "0");
  return hours === 0 ? `${minutes}:${rest}` : `${hours}:${String(minutes).padStart(2, "0")}:${rest}`;
}

/** `0.6s`, and from ten seconds on as short as any other: how long something took, in milliseconds. */
export function exactDuration(ms: number): string {
  return ms < 9_950 ? `${(Math.max(0, ms) / 1000).toFixed(1)}s` : shortDuration(ms);
}

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

export function count(value: number): string {
  return whole.format(value);
}

/** `1 run`, `2 runs`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** With a full stop, where no other sign ends it. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** `18 KB`: text of so many UTF-16 units. */
export function textSize(units: number): string {
  if (units < 1000) return `${units} chars`;
  if (units < 1_000_000) return `${(units / 1000).toFixed(units < 10_000 ? 1 : 0)} K chars`;
  return `${(units / 1_000_000).toFixed(1)} M chars`;
}

const clockTime = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const fullTime = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

export function timeOfDay(ms: number): string {
  return clockTime.format(ms);
}

/** For hovering over a short time. */
export function absoluteTime(ms: number): string {
  return fullTime.format(ms);
}

/** The first eight characters of an id; the whole is copied. */
export function shortId(id: string): string {
  return id.length <= 10 ? id : id.slice(0, 8);
}

/** The last part of a path, whichever system it comes from. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

/** A model without the settings of a demo model: `demo/essay`. */
export function shortModel(model: string): string {
  return model.split("?", 1)[0] ?? model;
}

/** Providers bill tokens; where they have not told yet, four units make about one. */
export const UNITS_PER_TOKEN = 4;
