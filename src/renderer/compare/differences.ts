/** Which words of two texts differ. Pure. */
import { diffArrays } from "diff";

/** A text as its words; `grows` while more of it is to come. */
export interface Words {
  readonly words: readonly string[];
  readonly grows: boolean;
}

/** Words from one place, counted from 0, up to another. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface Differences {
  /** What the first text has in place of what the second has. */
  readonly first: readonly Stretch[];
  readonly second: readonly Stretch[];
}

/** Words of both texts together beyond which they are not compared. */
export const MOST_WORDS = 6_000;
/** A diff of so many edits takes 0.1 s. */
const MOST_EDITS = 1_200;
/** Texts that share less of the shorter one are called different throughout: marks all over them would tell nothing. */
const LEAST_SHARED = 0.4;
/** Of texts this short every difference is marked. */
const SHORT = 12;
/** So many words between two longer differences belong to them: texts share "of the" by chance. */
const ISLAND = 2;

interface Hunk {
  readonly first: Stretch;
  readonly second: Stretch;
}

/**
 * The words that differ; "long" for texts of more than `MOST_WORDS` words, "other" for texts that have little in common.
 * A text that still grows is not said to lack what it has not reached, and its last word may be half of one.
 */
export function differences(a: Words, b: Words): Differences | "long" | "other" {
  if (a.words.length + b.words.length > MOST_WORDS) return "long";
  const first = reached(a, b);
  const second = reached(b, a);
  const edits = diffArrays([...first], [...second], { maxEditLength: MOST_EDITS });
  if (edits === undefined) return "other";
  const found = joined(hunks(edits));
  const [side, shorter] = first.length <= second.length ? ["first" as const, first] : ["second" as const, second];
  const differing = found.reduce((sum, hunk) => sum + length(hunk[side]), 0);
  if (shorter.length >= SHORT && shorter.length - differing < shorter.length * LEAST_SHARED) return "other";
  const last = found.at(-1);
  const tail = last?.first.to === first.length && last.second.to === second.length ? last : undefined;
  const stretches = (side: "first" | "second", other: Words) =>
    found.map((hunk) => (hunk === tail && other.grows ? head(hunk, side) : hunk[side])).filter((it) => length(it) > 0);
  return { first: stretches("first", b), second: stretches("second", a) };
}

/** The words to compare: whole ones, and no more than another text that still grows can have reached. */
function reached({ words, grows }: Words, other: Words): readonly string[] {
  if (grows) return words.slice(0, -1);
  return other.grows ? words.slice(0, Math.ceil(other.words.length * 1.25) + SHORT) : words;
}

/** Of the end of a text, as much as the other has already written in its place. */
function head(hunk: Hunk, side: "first" | "second"): Stretch {
  const { from, to } = hunk[side];
  return { from, to: Math.min(to, from + length(side === "first" ? hunk.second : hunk.first)) };
}

const length = ({ from, to }: Stretch) => to - from;

function hunks(edits: ReturnType<typeof diffArrays<string>>): readonly Hunk[] {
  const found: Hunk[] = [];
  let [first, second] = [0, 0];
  let open = false;
  for (const { added, removed, value } of edits) {
    const last = found.at(-1);
    const from: Hunk =
      open && last !== undefined ? last : { first: { from: first, to: first }, second: { from: second, to: second } };
    if (!added) first += value.length;
    if (!removed) second += value.length;
    if (!added && !removed) {
      open = false;
      continue;
    }
    if (open) found.pop();
    found.push({ first: { ...from.first, to: first }, second: { ...from.second, to: second } });
    open = true;
  }
  return found;
}

/** Takes what stands alone between two longer differences for a part of them. */
function joined(found: readonly Hunk[]): readonly Hunk[] {
  const together: Hunk[] = [];
  for (const hunk of found) {
    const before = together.at(-1);
    const between = before === undefined ? 0 : hunk.first.from - before.first.to;
    const isIsland =
      before !== undefined && between <= ISLAND && size(before) > between * 2 && size(hunk) > between * 2;
    if (!isIsland) together.push(hunk);
    else {
      together.splice(-1, 1, {
        first: { from: before.first.from, to: hunk.first.to },
        second: { from: before.second.from, to: hunk.second.to },
      });
    }
  }
  return together;
}

const size = ({ first, second }: Hunk) => length(first) + length(second);
