import { ERRORS, type ErrorCode } from "../protocol/index.js";

/** RFC 9457, with the protocol's error code. `detail` says what to mend and never repeats what was sent. */
export interface Problem {
  readonly type: "about:blank";
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
}

export const PROBLEM_TYPE = "application/problem+json";

/** A fault that ends a request; the one place that answers turns it into `application/problem+json`. */
export class ProblemError extends Error {
  readonly code: ErrorCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.name = "ProblemError";
    this.code = code;
    this.headers = headers;
  }
}

export function problem(code: ErrorCode, detail: string): Problem {
  const { title, status } = ERRORS[code];
  return { type: "about:blank", title, status, code, detail };
}
