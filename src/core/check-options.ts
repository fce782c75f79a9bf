import {
  checkCount,
  checkFunction,
  checkFunctions,
  checkKeys,
  checkLimit,
  checkMilliseconds,
  checkNames,
  checkNumber,
  checkOneOf,
} from "./checks.js";
import { FlockError } from "./errors.js";
import type { FlockOptions } from "./flock-options.js";
import type { PublishOptions } from "./output-group.js";
import type { BatchOptions, ConsumeOptions, JoinOptions } from "./subscription.js";

const CONSUME_KEYS = ["where", "whereAll", "tags", "fromAgents", "join", "batch", "mode", "priority"];
const PUBLISH_KEYS = ["fanOut", "where", "validate", "tags", "visibility"];

/** Throws `invalid_request` for options of `consumes` that make no sense. */
export function checkConsumeOptions(agentName: string, types: readonly string[], options: ConsumeOptions): void {
  const of = (key: string) => `${agentName}: consumes ${key}`;
  checkKeys(`${agentName}: consumes`, CONSUME_KEYS, options);
  checkWhere(of("where"), types, options.where);
  checkFunction(of("whereAll"), "(match) => match.size > 1", options.whereAll);
  checkNames(of("tags"), options.tags);
  checkNames(of("fromAgents"), options.fromAgents);
  checkOneOf(of("mode"), ["both", "events", "direct"], options.mode);
  checkNumber(of("priority"), options.priority);
  if (options.join !== undefined) checkJoin(of("join"), options.join);
  if (options.batch !== undefined) checkBatch(of("batch"), options.batch);
}

/** Throws `invalid_request` for options of `publishes` that make no sense; tags and visibility are not looked at. */
export function checkPublishOptions(agentName: string, options: PublishOptions): void {
  const of = (key: string) => `${agentName}: publishes ${key}`;
  checkKeys(`${agentName}: publishes`, PUBLISH_KEYS, options);
  checkCount(of("fanOut"), options.fanOut);
  checkFunction(of("where"), "({ payload }) => payload.score > 3", options.where);
  checkFunctions(of("validate"), '({ payload }) => payload.steps <= 3 || "at most 3 steps"', options.validate);
}

/** Throws `invalid_request` for limits that would let nothing run. */
export function checkFlockOptions({ maxConcurrency, providerLimits }: FlockOptions): void {
  checkLimit("maxConcurrency", maxConcurrency);
  for (const [provider, limit] of Object.entries(providerLimits ?? {})) {
    checkKeys(`providerLimits.${provider}`, ["maxConcurrency"], limit);
    if (limit?.maxConcurrency === undefined)
      throw new FlockError("invalid_request", `providerLimits.${provider} needs maxConcurrency: { maxConcurrency: 4 }`);
    checkLimit(`providerLimits.${provider}.maxConcurrency`, limit.maxConcurrency);
  }
}

function checkWhere(what: string, types: readonly string[], where: ConsumeOptions["where"]): void {
  const example = "({ payload }) => payload.score > 3";
  if (typeof where !== "object" || Array.isArray(where)) {
    checkFunctions(what, example, where);
    return;
  }
  checkKeys(what, types, where);
  for (const [type, predicates] of Object.entries(where)) checkFunctions(`${what}.${type}`, example, predicates);
}

function checkJoin(what: string, join: JoinOptions): void {
  checkKeys(what, ["by", "within"], join);
  const { within } = join;
  checkKeys(`${what}.within`, ["ms", "count"], within);
  const { ms, count } = (within ?? {}) as { readonly ms?: number; readonly count?: number };
  if (typeof join.by !== "function" || (ms === undefined) === (count === undefined))
    throw new FlockError(
      "invalid_request",
      `${what} is { by: (artifact) => key, within: { ms: 300_000 } }, or within: { count: 20 }`,
    );
  checkMilliseconds(`${what}.within.ms`, ms);
  checkCount(`${what}.within.count`, count);
}

function checkBatch(what: string, batch: BatchOptions): void {
  checkKeys(what, ["size", "timeout"], batch);
  if (batch.size === undefined && batch.timeout === undefined)
    throw new FlockError("invalid_request", `${what} needs size, timeout or both: { size: 20, timeout: 30_000 }`);
  checkCount(`${what}.size`, batch.size);
  checkMilliseconds(`${what}.timeout`, batch.timeout);
}
