/**
 * Every error code of the protocol, in one table: what it means, whether trying again may help, and how HTTP and
 * WebSocket tell it. `problem+json` bodies, `reply.error`, `agent_error` and `stream_complete.error` all use these.
 */
export interface ErrorKind {
  /** HTTP status of a `problem+json` answer. */
  readonly status: number;
  /** WebSocket close code, where the fault ends the connection. */
  readonly close?: number;
  readonly retryable: boolean;
  readonly title: string;
}

export const ERRORS = {
  // requests
  invalid_message: { status: 400, close: 1008, retryable: false, title: "The message does not fit the protocol" },
  invalid_request: { status: 400, retryable: false, title: "The request is malformed" },
  invalid_payload: { status: 422, retryable: false, title: "The payload does not fit the artifact type" },
  unknown_type: { status: 422, retryable: false, title: "No such artifact type" },
  unauthenticated: { status: 401, close: 4401, retryable: false, title: "A token is needed" },
  forbidden: { status: 403, close: 1008, retryable: false, title: "This role or origin may not do that" },
  not_found: { status: 404, retryable: false, title: "No such thing" },
  method_not_allowed: { status: 405, retryable: false, title: "This path does not answer that method" },
  not_acceptable: { status: 406, retryable: false, title: "That form of answer is not offered" },
  conflict: { status: 409, retryable: false, title: "It is over already" },
  too_large: { status: 413, close: 1009, retryable: false, title: "The frame or body is too large" },
  unsupported_media_type: { status: 415, retryable: false, title: "The body must be JSON" },
  misdirected: { status: 421, retryable: false, title: "This host name is not served here" },
  too_many_attempts: { status: 429, retryable: true, title: "Too many failed authentications" },
  too_many_messages: { status: 429, close: 4429, retryable: true, title: "Too many messages" },
  too_many_viewers: { status: 503, close: 1013, retryable: true, title: "Too many viewers" },
  attach_timeout: { status: 408, close: 4408, retryable: true, title: "Attach or acknowledgement came too late" },
  shutting_down: { status: 503, close: 1001, retryable: true, title: "The server is shutting down" },
  internal: { status: 500, close: 1011, retryable: true, title: "Something broke in the server" },
  // runs and streams
  cancelled: { status: 409, retryable: false, title: "It was stopped" },
  engine_error: { status: 502, retryable: false, title: "The engine failed" },
  no_finish: { status: 502, retryable: true, title: "The stream ended without a finish from the provider" },
  connection_lost: { status: 502, retryable: true, title: "The connection to the provider broke" },
  stalled: { status: 504, retryable: true, title: "No new text came for too long" },
  timeout: { status: 504, retryable: true, title: "It took too long" },
  missing_key: { status: 401, retryable: false, title: "The provider needs a key" },
  unknown_model: { status: 422, retryable: false, title: "No such model or provider" },
  provider_auth: { status: 401, retryable: false, title: "The provider refused the key" },
  provider_rejected: { status: 400, retryable: false, title: "The provider refused the request" },
  provider_unavailable: { status: 503, retryable: true, title: "The provider is unavailable" },
  rate_limited: { status: 429, retryable: true, title: "The provider asks to wait" },
  content_filter: { status: 502, retryable: false, title: "The provider's filter stopped the text" },
  output_truncated: { status: 502, retryable: false, title: "The provider's length limit cut the text" },
  invalid_output: { status: 502, retryable: true, title: "The output does not fit the artifact type" },
  output_rejected: { status: 502, retryable: true, title: "The output was refused by the agent's own check" },
  tool_error: { status: 502, retryable: false, title: "A tool failed" },
  component_error: { status: 500, retryable: false, title: "A lifecycle component failed" },
  predicate_error: { status: 500, retryable: false, title: "A predicate failed" },
  circuit_open: { status: 503, retryable: false, title: "The circuit breaker stopped the agent" },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERRORS;

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}

export function isRetryable(code: string): boolean {
  return isErrorCode(code) && ERRORS[code].retryable;
}
