/** One agent of a flock file, said in the orchestrator's own words. */
import type { AgentBuilder } from "../core/agent-builder.js";
import type { Artifact } from "../core/artifact.js";
import type { OutputDraft } from "../core/engine.js";
import type { PublishOptions } from "../core/output-group.js";
import type { Schedule } from "../core/schedule.js";
import type { ConsumeOptions, Match, Predicate } from "../core/subscription.js";
import type {
  AgentDefinition,
  JoinDefinition,
  OutputDefinition,
  ScheduleDefinition,
  SubscriptionDefinition,
} from "./definition.js";
import type { Expression } from "./expression.js";

export function buildAgent(builder: AgentBuilder, definition: AgentDefinition): void {
  builder
    .description(definition.description)
    .model(definition.model)
    .labels(...definition.labels);
  if (definition.maxConcurrency !== undefined) builder.maxConcurrency(definition.maxConcurrency);
  if (definition.tenant !== undefined) builder.tenant(definition.tenant);
  if (definition.preventSelfTrigger !== undefined) builder.preventSelfTrigger(definition.preventSelfTrigger);
  if (definition.deadlineMs !== undefined) builder.deadline(definition.deadlineMs);
  for (const subscription of definition.consumes) builder.consumes(...subscription.types, consumeOptions(subscription));
  for (const output of definition.publishes) builder.publishes(...output.types, publishOptions(output));
  if (definition.bestOf !== undefined) {
    const { n, score } = definition.bestOf;
    builder.bestOf(n, (result) => total(score, result.outputs));
  }
  if (definition.schedule !== undefined) builder.schedule(scheduleOf(definition.schedule));
}

function consumeOptions(definition: SubscriptionDefinition): ConsumeOptions {
  const conditions = definition.where?.conjuncts() ?? [];
  const early = conditions.filter((condition) => condition.variables.length === 1);
  const late = conditions.filter((condition) => condition.variables.length !== 1);
  return {
    ...(early.length > 0 && { where: predicatesByType(early) }),
    ...(late.length > 0 && { whereAll: (match) => late.every((condition) => holdsForAll(condition, match)) }),
    ...(definition.fromAgents && { fromAgents: definition.fromAgents }),
    ...(definition.tags && { tags: definition.tags }),
    ...(definition.join && { join: joinOptions(definition.join) }),
    ...(definition.batch && {
      batch: {
        ...(definition.batch.size !== undefined && { size: definition.batch.size }),
        ...(definition.batch.timeoutMs !== undefined && { timeout: definition.batch.timeoutMs }),
      },
    }),
    ...(definition.mode && { mode: definition.mode }),
    ...(definition.priority !== undefined && { priority: definition.priority }),
  };
}

/** A condition on one type is asked of each artifact as it comes. */
function predicatesByType(conditions: readonly Expression[]): Record<string, Predicate[]> {
  const byType = new Map<string, Predicate[]>();
  for (const condition of conditions) {
    const type = condition.variables[0] ?? "";
    const holds: Predicate = ({ payload }) => condition.evaluate({ [type]: payload }) === true;
    byType.set(type, [...(byType.get(type) ?? []), holds]);
  }
  return Object.fromEntries(byType);
}

/** A condition on several types must hold for every combination of what was collected. Throws as its evaluation does. */
function holdsForAll(condition: Expression, match: Match): boolean {
  let combinations: Record<string, unknown>[] = [{}];
  for (const type of condition.variables) {
    const payloads = (match.get(type) ?? []).map((artifact) => artifact.payload);
    combinations = combinations.flatMap((one) => payloads.map((payload) => ({ ...one, [type]: payload })));
  }
  return combinations.every((one) => condition.evaluate(one) === true);
}

function joinOptions({ by, within }: JoinDefinition): ConsumeOptions["join"] {
  return {
    by: (artifact) => joinKey(by, artifact),
    within: "count" in within ? within : { ms: within.milliseconds },
  };
}

/** A single expression reads the same field of every type. */
function joinKey(by: JoinDefinition["by"], artifact: Artifact): unknown {
  if (isExpression(by)) return by.evaluate({ [by.variables[0] ?? artifact.type]: artifact.payload });
  return by[artifact.type]?.evaluate({ [artifact.type]: artifact.payload });
}

function isExpression(by: JoinDefinition["by"]): by is Expression {
  return typeof by.evaluate === "function";
}

function publishOptions(definition: OutputDefinition): PublishOptions {
  const { where, validate } = definition;
  return {
    fanOut: definition.fanOut,
    visibility: definition.visibility,
    tags: definition.tags,
    ...(where && { where: (output) => holdsFor(where, output) }),
    ...(validate && { validate: (output) => holdsFor(validate.check, output) || validate.message }),
  };
}

/** The parts of the condition that read this output's type. */
function holdsFor(condition: Expression, output: OutputDraft): boolean {
  return condition
    .conjuncts()
    .filter((part) => part.variables.every((type) => type === output.type))
    .every((part) => part.evaluate({ [output.type]: output.payload }) === true);
}

/** The sum of the scores of a candidate's outputs. Throws for one that cannot be scored: that candidate comes last. */
function total(score: Expression, outputs: readonly OutputDraft[]): number {
  return outputs
    .filter(({ type }) => score.variables.every((variable) => variable === type))
    .reduce((sum, { type, payload }) => sum + scoreOf(score, type, payload), 0);
}

function scoreOf(score: Expression, type: string, payload: unknown): number {
  const value = score.evaluate({ [type]: payload });
  const number = typeof value === "bigint" ? Number(value) : value;
  if (typeof number !== "number" || Number.isNaN(number)) throw new Error(`the score "${score.source}" is no number`);
  return number;
}

function scheduleOf(definition: ScheduleDefinition): Schedule {
  if ("everyMs" in definition) return { every: definition.everyMs };
  return definition;
}
