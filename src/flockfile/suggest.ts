/** Edits (insert, remove, replace, swap of neighbours) between two words. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let edits = Math.min((row[j - 1] ?? 0) + 1, (last[j] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        edits = Math.min(edits, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(edits);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** The known word that was probably meant: at most a third of it differs. */
export function closest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestEdits = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const edits = distance(word.toLowerCase(), candidate.toLowerCase());
    const allowed = Math.min(Math.max(1, Math.floor(candidate.length / 3)), candidate.length - 1);
    if (edits < bestEdits && edits <= allowed) {
      best = candidate;
      bestEdits = edits;
    }
  }
  return best;
}

/** `Did you mean Topic?`, else what there is to choose from. */
export function didYouMean(word: string, known: Iterable<string>, otherwise?: string): string {
  const names = [...known];
  const best = closest(word, names);
  if (best !== undefined) return `Did you mean ${best}?`;
  if (otherwise !== undefined) return otherwise;
  return names.length === 0 ? "" : `Choose from: ${names.join(", ")}.`;
}
