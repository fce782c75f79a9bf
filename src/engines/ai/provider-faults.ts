import { FlockError } from "../../core/errors.js";
import type { Refusal } from "./retry-wait.js";

/** What is said of faults at one provider. */
export interface FaultWords {
  readonly provider: string;
  /** Never shown, wherever a provider repeats it. */
  readonly key?: string | undefined;
  /** The environment variable that holds the key. */
  readonly keyEnv?: string | undefined;
  /** Shown when nobody answers there. */
  readonly baseUrl?: string | undefined;
}

/** The parts of the AI SDK's and the providers' error objects that tell what happened. */
interface ErrorShape {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly statusCode?: unknown;
  readonly status?: unknown;
  readonly code?: unknown;
  readonly type?: unknown;
  readonly isRetryable?: unknown;
  readonly responseHeaders?: unknown;
  readonly responseBody?: unknown;
  readonly cause?: unknown;
  readonly data?: unknown;
  readonly error?: unknown;
}

/**
 * Any error of a model call as a fault with a code of the protocol's table, in words without the key.
 * `midStream`: the answer had begun, so that silence is a broken connection.
 */
export function providerFault(error: unknown, words: FaultWords, midStream = false): FlockError {
  if (error instanceof FlockError) return error;
  const shape = shapeOf(error);
  const code = codeOf(shape, midStream);
  return new FlockError(code, redact(`${words.provider}: ${messageOf(code, shape, words)}`, words.key));
}

/** The same error as a refusal, for the decision to try again. */
export function refusalOf(error: unknown): Refusal {
  const shape = shapeOf(error);
  const status = statusOf(shape);
  const headers = isRecord(shape.responseHeaders) ? (shape.responseHeaders as Record<string, string>) : undefined;
  const retryable =
    !isQuota(shape) && (shape.isRetryable === true || (status !== undefined && (status === 429 || status >= 500)));
  return { status, headers, retryable };
}

const NETWORK_CODES = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|UND_ERR)/;

function codeOf(shape: ErrorShape, midStream: boolean): string {
  const name = String(shape.name ?? "");
  const text = `${String(shape.type ?? "")} ${String(shape.code ?? "")}`.toLowerCase();
  if (name === "AI_NoOutputGeneratedError" || /without a finish reason/i.test(String(shape.message)))
    return "no_finish";
  if (name === "AI_LoadAPIKeyError") return "missing_key";
  if (isQuota(shape)) return "provider_rejected";
  const status = statusOf(shape);
  if (status === 401 || status === 403 || /authentication|invalid_api_key|permission/.test(text))
    return "provider_auth";
  if (status === 429 || /rate_limit|too_many_requests|resource_exhausted/.test(text)) return "rate_limited";
  if (status === 408 || (status ?? 0) >= 500 || /overloaded|server_error|unavailable|api_error/.test(text)) {
    return "provider_unavailable";
  }
  if ((status ?? 0) >= 400) return "provider_rejected";
  if (/content_filter|content_policy/.test(text)) return "content_filter";
  if (/invalid_request|not_found/.test(text)) return "provider_rejected";
  if (isNetwork(shape)) return midStream ? "connection_lost" : "provider_unavailable";
  if (status === undefined && name === "AI_APICallError" && !midStream) return "provider_unavailable";
  return "engine_error";
}

function messageOf(code: string, shape: ErrorShape, words: FaultWords): string {
  const said = String(shape.message ?? "").trim() || "It gave no reason.";
  const status = statusOf(shape);
  const told = status === undefined ? said : `${said} (HTTP ${status})`;
  switch (code) {
    case "no_finish":
      return "The stream ended without a finish. The text so far is kept.";
    case "connection_lost":
      return `The connection broke in mid-stream. The text so far is kept. (${networkReason(shape) ?? said})`;
    case "provider_auth":
      return `${told} Check the key${words.keyEnv === undefined ? "" : ` in ${words.keyEnv}`}.`;
    case "provider_unavailable":
      if (status !== undefined || !(isNetwork(shape) || shape.name === "AI_APICallError")) return told;
      return `Nobody answers${words.baseUrl === undefined ? "" : ` at ${words.baseUrl}`}. (${networkReason(shape) ?? said})`;
    case "engine_error":
      return /JSONParse|TypeValidation/.test(String(shape.name)) ? "It sent something that is not its format." : told;
    default:
      return told;
  }
}

function statusOf(shape: ErrorShape): number | undefined {
  for (const value of [shape.statusCode, shape.status, shape.code]) {
    const number = typeof value === "string" && /^\d{3}$/.test(value) ? Number(value) : value;
    if (typeof number === "number" && number >= 400 && number < 600) return number;
  }
  return undefined;
}

/** A used-up quota comes as 429, but waiting does not help. */
function isQuota(shape: ErrorShape): boolean {
  const said = [shape.code, shape.type, shape.responseBody].map((part) => String(part ?? "")).join(" ");
  return /insufficient_quota|billing_hard_limit|credit balance is too low/.test(said);
}

function isNetwork(shape: ErrorShape): boolean {
  return (
    networkReason(shape) !== undefined ||
    /terminated|fetch failed|other side closed|socket hang up/i.test(String(shape.message))
  );
}

function networkReason(shape: ErrorShape): string | undefined {
  for (let at: unknown = shape, depth = 0; isRecord(at) && depth < 8; at = at.cause, depth++) {
    if (typeof at.code === "string" && NETWORK_CODES.test(at.code)) return at.code;
  }
  return undefined;
}

/** An error object, or the body of an `error` event, however deep it is wrapped. */
function shapeOf(error: unknown): ErrorShape {
  if (typeof error === "string") return { message: error };
  if (!isRecord(error)) return { message: String(error) };
  if (typeof error.message !== "string" && isRecord(error.error)) return shapeOf(error.error);
  // Errors keep their message and cause outside of their own enumerable fields.
  return error as ErrorShape;
}

/** The text without the key, and without what looks like one: providers repeat keys, sometimes with stars in the middle. */
export function redact(text: string, key: string | undefined): string {
  const without = key === undefined || key.length < 4 ? text : text.replaceAll(key, "[key]");
  return without.replace(/\b(?:(?:sk|pk|rk|gsk|xai)-|AIza)[A-Za-z0-9_*-]{6,}/g, "[key]");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
