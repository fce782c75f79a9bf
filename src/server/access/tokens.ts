import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Role } from "../../protocol/index.js";

const SHORTEST_UNGUESSABLE = 22;
const FEWEST_CHARACTERS = 10;

/** 32 random bytes as base64url: 43 characters, safe in a header, a subprotocol and a fragment. */
export function createToken(): string {
  return randomBytes(32).toString("base64url");
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text, "utf8").digest();
}

/**
 * Whether a token that somebody chose could be found by trying: shorter than 128 bits of base64, or of few different
 * characters.
 */
function isGuessable(token: string): boolean {
  return token.length < SHORTEST_UNGUESSABLE || new Set(token).size < FEWEST_CHARACTERS;
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
  get guessable(): boolean {
    return isGuessable(this.#pair.watch) || isGuessable(this.#pair.control);
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
