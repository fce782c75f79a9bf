const named: Readonly<Record<string, string>> = {
  amp: "&",
  apos: "'",
  copy: "\u00a9",
  gt: ">",
  hellip: "\u2026",
  lt: "<",
  mdash: "\u2014",
  middot: "\u00b7",
  nbsp: "\u00a0",
  ndash: "\u2013",
  quot: '"',
  rarr: "\u2192",
  times: "\u00d7",
};

/** `text` with numeric and the commonest named character references resolved; the rest wait for the finished form. */
export function decodeReferences(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|(\w+));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return named[name] ?? whole;
    const code = Number.parseInt(decimal ?? hex, decimal === undefined ? 16 : 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
  });
}
