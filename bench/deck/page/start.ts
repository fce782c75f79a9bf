import type { FakeFlock } from "../../../src/renderer/dev/fake-flock.js";

export interface StartOptions {
  readonly element: HTMLElement;
  readonly flock: FakeFlock;
  readonly variant: string;
  readonly density: string;
}
