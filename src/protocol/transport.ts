/**
 * A way to carry messages between two ends. It knows no message: `Out` goes away, `In` arrives.
 * `send` after `close` is a no-op. `onClose` fires once, whichever end closed.
 */
export interface Transport<Out, In> {
  send(message: Out): void;
  onMessage(listener: (message: In) => void): () => void;
  onClose(listener: (reason: { code: number; reason: string }) => void): () => void;
  close(code?: number, reason?: string): void;
}
