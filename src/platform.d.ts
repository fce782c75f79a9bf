/** What every JavaScript runtime has, for floors that may know neither the DOM nor Node. */
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
  throwIfAborted(): void;
}

declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

declare function setTimeout(callback: () => void, ms: number): unknown;
declare function clearTimeout(handle: unknown): void;
declare function queueMicrotask(callback: () => void): void;
declare function structuredClone<T>(value: T): T;
declare const crypto: { randomUUID(): string; getRandomValues<T>(array: T): T };
declare const console: { error(...data: unknown[]): void; warn(...data: unknown[]): void };
declare const performance: { now(): number };
