/** Whether Markdown takes `line` (with or without its line feed) as blank. */
export function isBlank(line: string): boolean {
  return /^[ \t]*\r?\n?$/.test(line);
}

/** Whether `line` can only start or continue a paragraph: nothing else starts with a letter. */
export function startsParagraph(line: string): boolean {
  return /^ {0,3}[A-Za-z\u00c0-\u{10ffff}]/u.test(line);
}

/** Whether `line`, after a block that has ended, is a heading by itself. */
export function isHeading(line: string): boolean {
  return /^ {0,3}#{1,6}[ \t]/.test(line);
}

export function opensQuote(line: string): boolean {
  return /^ {0,3}>/.test(line);
}

/** Whether `line`, after a block that has ended, is a paragraph, or the head of a table if its delimiters follow. */
export function opensRow(line: string): boolean {
  return /^ {0,3}\|/.test(line);
}

/** What closes the fence that `line` opens, or undefined where it opens none. */
export function opensFence(line: string): RegExp | undefined {
  const fence = /^ {0,3}(?:(`{3,})[^`\n]*|(~{3,})[^\n]*)\n?$/.exec(line);
  if (!fence) return undefined;
  const mark = fence[1] ?? fence[2] ?? "";
  return new RegExp(`^ {0,3}${mark[0]}{${mark.length},}[ \\t]*\\r?\\n?$`);
}

/** Offset of the first character of the line that holds `offset`. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
}

/** The line that starts at `from`, with its line feed if it has one. */
export function lineAt(text: string, from: number): string {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.slice(from) : text.slice(from, end + 1);
}
