import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Role } from "../../protocol/index.js";
import { ServerStartError } from "../listen.js";
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

/** A token that cannot be one. The message says what to mend and does not repeat it. */
export class TokenError extends ServerStartError {}

/** Whether trying could find this token from that address. */
export function isGuessableFrom(address: string, token: string): boolean {
  return isGuessable(token, isLoopback(address) ? STRONG_LOCALLY : STRONG);
}

/** The two tokens that open this server. */
export class Tokens {
  #pair: TokenPair;
  #watch: Buffer;
  #control: Buffer;

  /** @throws TokenError when a token is empty, has characters that no header or subprotocol can carry, or is both. */
  constructor(pair: TokenPair) {
    for (const role of ["watch", "control"] as const) {
      if (/^[\w.~!#$%&'*+^`|-]+$/.test(pair[role])) continue;
      throw new TokenError(
        `The ${role} token ${pair[role] === "" ? "is empty" : "has characters that not every client can send"}: ` +
          "letters, digits and -._~!#$%&'*+^`| are allowed. Leave it out to have one made up.",
      );
    }
    if (pair.watch === pair.control)
      throw new TokenError(
        "The watch and the control token are the same, so that every watcher could steer. Give two.",
      );
    this.#pair = pair;
    this.#watch = digest(pair.watch);
    this.#control = digest(pair.control);
  }

  get pair(): TokenPair {
    return this.#pair;
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
