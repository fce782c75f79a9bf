/** Holds back the first half of a surrogate pair until its other half is there, so that no append ends between them. */
export class PairKeeper {
  #held = "";

  push(text: string): string {
    const whole = this.#held + text;
    const last = whole.charCodeAt(whole.length - 1);
    this.#held = last >= 0xd800 && last <= 0xdbff ? whole.slice(-1) : "";
    return this.#held === "" ? whole : whole.slice(0, -1);
  }

  /** What is still held when nothing more comes: half a pair that never had another. */
  end(): string {
    const held = this.#held;
    this.#held = "";
    return held;
  }
}
