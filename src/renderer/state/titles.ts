/** A few words for a payload: its title, name or first text. */
export function payloadTitle(payload: unknown): string {
  if (typeof payload === "string") return firstLine(payload);
  if (typeof payload !== "object" || payload === null) return payload === undefined ? "" : String(payload);
  const record = payload as Record<string, unknown>;
  for (const key of ["title", "name", "subject", "question", "text"]) {
    const value = record[key];
    if (typeof value === "string" && value.trim() !== "") return firstLine(value);
  }
  const text = Object.values(record).find((value) => typeof value === "string" && value.trim() !== "");
  return typeof text === "string" ? firstLine(text) : "";
}

function firstLine(text: string): string {
  const line = text.trimStart().split("\n", 1)[0] ?? "";
  return line.replace(/^[#>*\-\s]+/, "").slice(0, 160);
}

/** The Markdown of a free-text payload (`{ text }`), or undefined. */
export function payloadText(payload: unknown): string | undefined {
  if (typeof payload === "string") return payload;
  if (typeof payload !== "object" || payload === null) return undefined;
  const { text } = payload as { text?: unknown };
  return typeof text === "string" && Object.keys(payload).length === 1 ? text : undefined;
}
