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

/** Without a frame for so many milliseconds, a change has one of its own. */
const SOON_MS = 100;
/** Changes that one frame takes on beside what it has to do. */
const CHANGES_A_FRAME = 2;

const soon = new Set<Change>();

/** Makes a change with one of the next frames, since a frame of its own costs as much as four texts. Returns what cancels it. */
export function changeSoon(change: Change): () => void {
  const once = () => {
    cancel();
    change();
  };
  const timer = setTimeout(once, SOON_MS);
  const cancel = () => {
    clearTimeout(timer);
    soon.delete(once);
  };
  soon.add(once);
  return cancel;
}

/** Takes all measures that wait. Returns the changes that follow from them, and some others, to be rendered with the frame's. */
export function measureAll(): Change | undefined {
  const changes = [...measures].map((measure) => measure()).filter((change) => change !== undefined);
  measures.clear();
  changes.push(...[...soon].slice(0, CHANGES_A_FRAME));
  if (changes.length === 0) return undefined;
  return () => {
    for (const change of changes) change();
  };
}
