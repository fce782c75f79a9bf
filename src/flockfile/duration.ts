const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `500ms`, `30s`, `5m`, `1.5h`, `2d` → milliseconds; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim());
  const unit = UNITS[match?.[2] ?? ""];
  if (match?.[1] === undefined || unit === undefined) return undefined;
  const milliseconds = Number(match[1]) * unit;
  return milliseconds > 0 && Number.isFinite(milliseconds) ? milliseconds : undefined;
}
