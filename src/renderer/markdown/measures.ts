type Change = () => void;

const measures = new Set<() => Change | undefined>();

/**
 * Measures before a later frame changes anything: all is laid out then, and asking costs nothing. After a change it would
 * have the browser lay out the page once more; in a frame of its own, draw one more. Returns what cancels it.
 */
export function measureLater(measure: () => Change | undefined): () => void {
  measures.add(measure);
  return () => measures.delete(measure);
}

/** Takes all measures that wait. Returns the changes that follow from them, if any do, to be rendered with the frame's. */
export function measureAll(): Change | undefined {
  const changes = [...measures].map((measure) => measure()).filter((change) => change !== undefined);
  measures.clear();
  if (changes.length === 0) return undefined;
  return () => {
    for (const change of changes) change();
  };
}
