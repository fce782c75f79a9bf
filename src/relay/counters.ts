/** What the hub did so far, for `/metrics` and for tests. All only grow. */
export interface HubCounters {
  flushes: number;
  /** Times that a codec encoded a live flush, by codec: once per flush and focus, however many viewers are in step. */
  readonly liveEncodes: Record<string, number>;
  /** Times that something was encoded for one viewer alone: `hello`, replies, catch-ups. */
  privateEncodes: number;
  framesSent: number;
  /** Units of text appended by the engines. */
  unitsAppended: number;
  /** Units of text sent, over all viewers. */
  unitsSent: number;
  eventsRecorded: number;
  streamsStarted: number;
  streamsEvicted: number;
  viewersAdded: number;
  /** Viewers that were not ready for a flush. */
  fallOuts: number;
  catchUps: number;
  resets: number;
  commands: number;
}

export function createCounters(): HubCounters {
  return {
    flushes: 0,
    liveEncodes: {},
    privateEncodes: 0,
    framesSent: 0,
    unitsAppended: 0,
    unitsSent: 0,
    eventsRecorded: 0,
    streamsStarted: 0,
    streamsEvicted: 0,
    viewersAdded: 0,
    fallOuts: 0,
    catchUps: 0,
    resets: 0,
    commands: 0,
  };
}
