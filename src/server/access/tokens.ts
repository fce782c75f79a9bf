import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Role } from "../../protocol/index.js";
import { isLoopback } from "./served-hosts.js";

/** Length and different characters from which a token cannot be found by trying, over a network: 128 bits of base64. */
const STRONG = { length: 22, characters: 10 };
/** And from this machine itself, where whoever tries is a program that its user runs: centuries at 10,000 a second. */
const STRONG_LOCALLY = { length: 8, characters: 5 };

/** 32 random bytes as base64url: 43 characters, safe in a header, a subprotocol and a fragment. */
export function createToken(): string {
  return randomBytes(32).toString("base64url");
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text, "utf8").digest();
}

function isGuessable(token: string, strong: typeof STRONG): boolean {
  return token.length < strong.length || new Set(token).size < strong.characters;
}

export interface TokenPair {
  readonly watch: string;
  readonly control: string;
}

/** The two tokens that open this server. */
export class Tokens {
  #pair: TokenPair;
  #watch: Buffer;
  #control: Buffer;

  /** @throws TypeError when a token is empty or has characters that no header or subprotocol can carry. */
  constructor(pair: TokenPair) {
    for (const token of [pair.watch, pair.control]) {
      if (!/^[\w.~!#$%&'*+^`|-]+$/.test(token)) {
        throw new TypeError(
          "A token must not be empty and may hold letters, digits and -._~!#$%&'*+^`| only; leave it out to have one generated.",
        );
      }
    }
    this.#pair = pair;
    this.#watch = digest(pair.watch);
    this.#control = digest(pair.control);
  }

  get pair(): TokenPair {
    return this.#pair;
  }

  /** Whether an address that failed too often must be refused even with the right token. */
  guessableFrom(address: string): boolean {
    const strong = isLoopback(address) ? STRONG_LOCALLY : STRONG;
    return isGuessable(this.#pair.watch, strong) || isGuessable(this.#pair.control, strong);
  }

  /** Takes the same time whatever is given, and whichever token it is near to. */
  roleOf(token: string): Role | null {
    const given = digest(token);
    const isControl = timingSafeEqual(given, this.#control);
    const isWatch = timingSafeEqual(given, this.#watch);
    if (isControl) return "control";
    return isWatch ? "watch" : null;
  }

  rotate(): TokenPair {
    this.#pair = { watch: createToken(), control: createToken() };
    this.#watch = digest(this.#pair.watch);
    this.#control = digest(this.#pair.control);
    return this.#pair;
  }
}
