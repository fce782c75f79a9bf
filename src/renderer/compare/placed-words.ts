/** The words of a rendered text, each with its place in the page. */
export interface PlacedWord {
  readonly word: string;
  readonly node: Text;
  readonly from: number;
  readonly to: number;
}

/** A word, a sign, or one character of a script that sets no spaces. */
const WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{M}\p{N}]+(?:['’]\p{L}+)*|\S/gu;

/** The words below `root`, in order; those of buttons are none. */
export function placedWords(root: Node): readonly PlacedWord[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found: PlacedWord[] = [];
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (!(node instanceof Text) || node.parentElement?.closest("button") !== null) continue;
    for (const { 0: word, index: from } of node.data.matchAll(WORD)) {
      found.push({ word, node, from, to: from + word.length });
    }
  }
  return found;
}

/** Ranges over words that follow each other: one for each node that they are in. */
export function rangesOf(words: readonly PlacedWord[]): readonly Range[] {
  const ranges: Range[] = [];
  let last: Range | undefined;
  for (const { node, from, to } of words) {
    if (last?.endContainer !== node) {
      last = document.createRange();
      last.setStart(node, from);
      ranges.push(last);
    }
    last.setEnd(node, to);
  }
  return ranges;
}
