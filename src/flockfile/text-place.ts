import { type Node, Scalar } from "yaml";

/** One written character or escape: where it is, and what it stands for. */
interface Unit {
  readonly at: number;
  readonly length: number;
  readonly text: string;
}

/**
 * Where a character of a text is in the file, however the text is written: quoted with escapes, folded or literal.
 * White space may be folded or indented, so all other characters are counted.
 */
export function placeInScalar(node: Node, file: string, offset: number): number | undefined {
  if (!(node instanceof Scalar) || typeof node.value !== "string" || !node.range) return undefined;
  const before = countInk(node.value.slice(0, offset));
  const onInk = isInk(node.value.slice(offset, offset + 1));
  let counted = 0;
  let last: number | undefined;
  for (const unit of units(node, file, node.range[1])) {
    if (counted >= before && last !== undefined && !onInk) break;
    const ink = countInk(unit.text);
    if (ink === 0) continue;
    if (onInk && counted + ink > before) return unit.at;
    counted += ink;
    last = unit.at + unit.length;
  }
  return last ?? node.range[0];
}

const isInk = (text: string) => /\S/.test(text);
const countInk = (text: string) => text.replaceAll(/\s/g, "").length;

function* units(node: Scalar, file: string, end: number): Generator<Unit> {
  let at = node.range?.[0] ?? 0;
  const quote = node.type === "QUOTE_DOUBLE" ? '"' : node.type === "QUOTE_SINGLE" ? "'" : "";
  if (quote !== "") at += 1;
  else if (node.type === "BLOCK_FOLDED" || node.type === "BLOCK_LITERAL") at = file.indexOf("\n", at) + 1;
  while (at < end && (quote === "" || !closes(file, at, quote))) {
    const unit = quote === "" ? plain(file, at) : quote === '"' ? doubleQuoted(file, at) : singleQuoted(file, at);
    yield unit;
    at += unit.length;
  }
}

function closes(file: string, at: number, quote: string): boolean {
  return file[at] === quote && !(quote === "'" && file[at + 1] === "'");
}

function plain(file: string, at: number): Unit {
  return { at, length: 1, text: file[at] ?? "" };
}

function singleQuoted(file: string, at: number): Unit {
  return file[at] === "'" ? { at, length: 2, text: "'" } : plain(file, at);
}

const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
const INVISIBLE = new Set("\n\r0abefnrtvNLP_ \t");

function doubleQuoted(file: string, at: number): Unit {
  if (file[at] !== "\\") return plain(file, at);
  const kind = file[at + 1] ?? "";
  const digits = HEX_DIGITS[kind];
  if (digits === undefined) return { at, length: 2, text: escaped(kind) };
  const code = Number.parseInt(file.slice(at + 2, at + 2 + digits), 16);
  return { at, length: 2 + digits, text: code <= 0x10ffff ? String.fromCodePoint(code) : "" };
}

/** Control characters that are no white space count as what they stand for, the rest of them as nothing. */
function escaped(kind: string): string {
  const controls: Readonly<Record<string, string>> = { "0": "\0", a: "\x07", b: "\b", e: "\x1b", N: "\x85" };
  return controls[kind] ?? (INVISIBLE.has(kind) ? " " : kind);
}
