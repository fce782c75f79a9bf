import type { JoinDefinition, SubscriptionDefinition } from "./definition.js";
import { parseDuration } from "./duration.js";
import type { Expression } from "./expression.js";
import { readExpression } from "./read-expression.js";
import { readAgentNames, readTypeNames, type Scope } from "./scope.js";
import type { Field } from "./source.js";

const HINT = "Write [Topic], or a list of { types: [Topic], where: … }.";
const DURATION_HINT = "Write a duration: 500ms, 30s, 5m or 2h.";

/** `consumes:` → subscriptions, with OR between them. A plain list of types is one subscription. */
export function readConsumes(scope: Scope, field: Field | undefined): SubscriptionDefinition[] {
  if (field === undefined) return [];
  const { source } = scope;
  if (source.isMap(field)) return readSubscription(scope, field);
  const items = source.items(field, "consumes", HINT);
  if (items === undefined) return [];
  if (items.length === 0) source.faults.error(field.place, "consumes is empty.", HINT);
  if (items.some((item) => source.isMap(item))) {
    return items.flatMap((item) => {
      if (source.isMap(item)) return readSubscription(scope, item);
      const types = readTypeNames(scope, [item], "consumes");
      return types.length === 0 ? [] : [{ types }];
    });
  }
  const types = readTypeNames(scope, items, "consumes");
  return types.length === 0 ? [] : [{ types }];
}

function readSubscription(scope: Scope, field: Field): SubscriptionDefinition[] {
  const { source } = scope;
  const fields = source.fields(field, "A subscription", [
    "types",
    "where",
    "from_agents",
    "tags",
    "join",
    "batch",
    "mode",
    "priority",
  ]);
  if (fields === undefined) return [];
  if (fields.types === undefined) source.faults.error(field.place, "A subscription needs types.", HINT);
  const items = fields.types && source.items(fields.types, "types", HINT);
  if (items?.length === 0) source.faults.error(fields.types?.place, "types is empty.", HINT);
  const types = readTypeNames(scope, items ?? [], "types");
  // Where a type is unknown, an expression that names it would only repeat that fault.
  const open = types.length === 0 || types.length !== items?.length;
  const where = readExpression(scope, fields.where, { what: "where", types, yields: "bool", open });
  const fromAgents = readAgentNames(scope, fields.from_agents, "from_agents");
  const tags = source.texts(fields.tags, "tags", "Write a list of words.");
  if (fields.tags !== undefined && source.isEmptyList(fields.tags))
    source.faults.error(
      fields.tags.place,
      "tags is empty, so no artifact has one of them.",
      "Name a tag, or remove tags.",
    );
  const join = fields.join && readJoin(scope, fields.join, types, open);
  const batch = fields.batch && readBatch(scope, fields.batch);
  const mode = source.oneOf(fields.mode, "mode", ["both", "events", "direct"] as const);
  const priority = source.integer(fields.priority, "priority", Number.MIN_SAFE_INTEGER);
  if (types.length === 0) return [];
  return [
    {
      types,
      ...(where && { where }),
      ...(fromAgents && { fromAgents }),
      ...(tags && { tags }),
      ...(join && { join }),
      ...(batch && { batch }),
      ...(mode && { mode }),
      ...(priority !== undefined && { priority }),
    },
  ];
}

/** A duration in milliseconds. */
export function readDuration(scope: Scope, field: Field | undefined, what: string): number | undefined {
  if (field === undefined) return undefined;
  const value = scope.source.scalar(field);
  const milliseconds = typeof value === "string" ? parseDuration(value) : undefined;
  if (milliseconds === undefined) {
    const shown = typeof value === "string" || typeof value === "number" ? `, not ${JSON.stringify(value)}` : "";
    scope.source.faults.error(field.place, `${what} must be a duration${shown}.`, DURATION_HINT);
  }
  return milliseconds;
}

function readJoin(scope: Scope, field: Field, types: readonly string[], open: boolean): JoinDefinition | undefined {
  const { source } = scope;
  const hint = `For example { by: ${types[0] ?? "Draft"}.id, within: 5m }.`;
  const fields = source.fields(field, "join", ["by", "within"]);
  if (fields === undefined) return undefined;
  if (fields.by === undefined) source.faults.error(field.place, "join needs by.", hint);
  if (fields.within === undefined)
    source.faults.error(field.place, "join needs within.", `${hint} A whole number counts artifacts.`);
  const by = open ? checkJoinKey(scope, fields.by, types) : readJoinKey(scope, fields.by, types);
  const within = readWithin(scope, fields.within);
  return by !== undefined && within !== undefined ? { by, within } : undefined;
}

function readWithin(scope: Scope, field: Field | undefined): JoinDefinition["within"] | undefined {
  if (field === undefined) return undefined;
  if (typeof scope.source.scalar(field) === "number") {
    const count = scope.source.integer(field, "within", 1);
    return count === undefined ? undefined : { count };
  }
  const milliseconds = readDuration(scope, field, "within");
  return milliseconds === undefined ? undefined : { milliseconds };
}

/** Where a type is unknown, only the expressions by themselves can be judged. */
function checkJoinKey(scope: Scope, field: Field | undefined, types: readonly string[]): undefined {
  if (field === undefined) return;
  const keys = scope.source.isMap(field) ? (scope.source.entries(field, "by", "") ?? []) : [field];
  for (const key of keys) readExpression(scope, key, { what: "by", types, open: true });
}

function readJoinKey(
  scope: Scope,
  field: Field | undefined,
  types: readonly string[],
): JoinDefinition["by"] | undefined {
  if (field === undefined) return undefined;
  const { source } = scope;
  if (source.isMap(field)) {
    const wanted = [...new Set(types)];
    const fields = source.fields(field, "by", wanted);
    const keys: Record<string, Expression> = {};
    for (const type of wanted) {
      const key = fields?.[type];
      if (key === undefined) {
        source.faults.error(field.place, `by has no key for ${type}.`, `Write ${type}: ${type}.id.`);
        continue;
      }
      const expression = readExpression(scope, key, { what: "by", types: [type] });
      if (expression !== undefined) keys[type] = expression;
    }
    return Object.keys(keys).length === wanted.length ? keys : undefined;
  }
  const expression = readExpression(scope, field, { what: "by", types });
  if (expression === undefined) return undefined;
  if (expression.variables.length !== 1) {
    const map = [...new Set(types)].map((type) => `${type}: ${type}.id`).join(", ");
    source.faults.error(
      source.placeInText(field, 0),
      "by must read exactly one type; the others are read by the same field.",
      `Where their fields differ, write by: { ${map} }.`,
    );
    return undefined;
  }
  return expression;
}

function readBatch(scope: Scope, field: Field): SubscriptionDefinition["batch"] {
  const { source } = scope;
  const fields = source.fields(field, "batch", ["size", "timeout"]);
  if (fields === undefined) return undefined;
  if (fields.size === undefined && fields.timeout === undefined) {
    source.faults.error(field.place, "batch needs size, timeout or both.", "For example { size: 10, timeout: 30s }.");
    return undefined;
  }
  const size = source.integer(fields.size, "size", 1);
  const timeoutMs = readDuration(scope, fields.timeout, "timeout");
  return { ...(size !== undefined && { size }), ...(timeoutMs !== undefined && { timeoutMs }) };
}
