import type { Clock } from "../../relay/types.js";

export interface AttemptLimit {
  readonly count: number;
  readonly windowMs: number;
}

/** code-server's figures. */
export const ATTEMPT_LIMITS: readonly AttemptLimit[] = [
  { count: 2, windowMs: 60_000 },
  { count: 12, windowMs: 3_600_000 },
];

const MOST_ADDRESSES = 10_000;

/**
 * Failed authentications per address, over sliding windows. Bounded: it keeps as many times per address as the
 * largest limit, and at most 10,000 addresses, the ones that failed last.
 */
export class FailedAttempts {
  readonly #clock: Clock;
  readonly #limits: readonly AttemptLimit[];
  readonly #kept: number;
  readonly #failures = new Map<string, number[]>();

  constructor(clock: Clock, limits: readonly AttemptLimit[] = ATTEMPT_LIMITS) {
    this.#clock = clock;
    this.#limits = limits;
    this.#kept = Math.max(...limits.map((limit) => limit.count));
  }

  /** Milliseconds until this address may try again; 0 when it may try now. */
  waitMs(address: string): number {
    const failures = this.#failures.get(address);
    if (!failures) return 0;
    const now = this.#clock.now();
    let wait = 0;
    for (const { count, windowMs } of this.#limits) {
      const decisive = failures[failures.length - count];
      if (decisive !== undefined) wait = Math.max(wait, decisive + windowMs - now);
    }
    return wait;
  }

  failed(address: string): void {
    const failures = this.#failures.get(address) ?? [];
    failures.push(this.#clock.now());
    if (failures.length > this.#kept) failures.shift();
    this.#failures.delete(address);
    this.#failures.set(address, failures);
    if (this.#failures.size > MOST_ADDRESSES) {
      const oldest = this.#failures.keys().next();
      if (!oldest.done) this.#failures.delete(oldest.value);
    }
  }
}

/** What one party can hold many of counts as one: an IPv6 network of 64 bits; IPv4 in IPv6 is IPv4. */
export function addressKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  if (!address.includes(":")) return address;
  const [head = "", tail = ""] = (address.split("%")[0] ?? "").split("::");
  const groups = head ? head.split(":") : [];
  const after = tail ? tail.split(":") : [];
  const full = [...groups, ...new Array<string>(Math.max(0, 8 - groups.length - after.length)).fill("0"), ...after];
  if (full.every((group, index) => Number.parseInt(group, 16) === (index === 7 ? 1 : 0))) return "::1";
  return `${full.slice(0, 4).join(":")}::/64`;
}
