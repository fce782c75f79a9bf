/** Text of a known length that is read once from front to back, so that a long one never has to be held. */
export interface TextReader {
  readonly length: number;
  /** What lies between the last read and `end` (UTF-16 units from the start), one unit more where a surrogate pair would be split. */
  readTo(end: number): string;
}

export function readString(text: string): TextReader {
  let position = 0;
  return {
    length: text.length,
    readTo(end) {
      const from = position;
      position = Math.max(from, Math.min(end, text.length));
      if (splitsPair(text, position)) position += 1;
      return text.slice(from, position);
    },
  };
}

/** Reads parts as they are made; their lengths must add up to `length`. */
export function readParts(parts: Iterator<string>, length: number): TextReader {
  let buffer = "";
  let position = 0;
  return {
    length,
    readTo(end) {
      const wanted = Math.min(end, length) - position;
      if (wanted <= 0) return "";
      while (buffer.length <= wanted) {
        const part = parts.next();
        if (part.done === true) break;
        buffer += part.value;
      }
      const cut = splitsPair(buffer, wanted) ? wanted + 1 : wanted;
      const text = buffer.slice(0, cut);
      buffer = buffer.slice(cut);
      position += text.length;
      return text;
    },
  };
}

function splitsPair(text: string, at: number): boolean {
  return at > 0 && isHigh(text.charCodeAt(at - 1)) && isLow(text.charCodeAt(at));
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
