import type { ServerMessage } from "../protocol/index.js";

/** Where a run's messages become output. No method may throw. */
export interface OutputView {
  readonly carrier: "terminal" | "ndjson";
  onMessages(messages: readonly ServerMessage[]): void;
  /** Bytes that the reader has not taken yet. */
  readonly bufferedBytes: number;
  /** All messages came: puts out what is still held back. */
  finish(): void;
  /** Leaves the output as it was found; for a reader that is gone, or a user who will not wait. */
  abandon(): void;
}
