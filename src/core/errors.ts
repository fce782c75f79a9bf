/** A fault with a code of the protocol's error table. */
export class FlockError extends Error {
  override readonly name = "FlockError";
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
