import type { ServerMessage } from "../protocol/index.js";
import type { OutputStream } from "./io.js";
import type { OutputView } from "./output-view.js";

/** The protocol's messages, one per line, and nothing else. */
export class NdjsonView implements OutputView {
  readonly carrier = "ndjson";
  readonly #stdout: OutputStream;

  constructor(stdout: OutputStream) {
    this.#stdout = stdout;
  }

  get bufferedBytes(): number {
    return this.#stdout.writableLength;
  }

  onMessages(messages: readonly ServerMessage[]): void {
    this.#stdout.write(messages.map((message) => `${JSON.stringify(message)}\n`).join(""));
  }

  finish(): void {}

  abandon(): void {}
}
