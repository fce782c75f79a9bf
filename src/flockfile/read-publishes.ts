import type { Visibility } from "../core/artifact.js";
import type { OutputDefinition } from "./definition.js";
import type { Expression } from "./expression.js";
import { readDuration } from "./read-consumes.js";
import { type ExpressionUse, readExpression } from "./read-expression.js";
import { readAgentNames, readTypeNames, type Scope } from "./scope.js";
import type { Field } from "./source.js";

const HINT = "Write [Article], or { types: [Article], fan_out: 3 }.";
/** Of a type, by one call of a model: its answer holds all of them. */
const MOST_ARTIFACTS = 1_000;
const VISIBILITY_HINT =
  "Write public, { private: [AGENT] }, { labelled: [LABEL] }, { tenant: NAME } or { after: 5m, then: public }.";

/** `publishes:` → output groups. A plain list of types is one group. */
export function readPublishes(scope: Scope, field: Field | undefined): OutputDefinition[] {
  if (field === undefined) return [];
  const { source } = scope;
  if (source.isMap(field)) return readOutput(scope, field);
  const items = source.items(field, "publishes", HINT);
  if (items === undefined) return [];
  if (items.some((item) => source.isMap(item))) {
    return items.flatMap((item) =>
      source.isMap(item) ? readOutput(scope, item) : plain(readTypeNames(scope, [item], "publishes")),
    );
  }
  return plain(readTypeNames(scope, items, "publishes"));
}

function plain(types: string[]): OutputDefinition[] {
  return types.length === 0 ? [] : [{ types, fanOut: 1, visibility: { kind: "public" }, tags: [] }];
}

function readOutput(scope: Scope, field: Field): OutputDefinition[] {
  const { source } = scope;
  const fields = source.fields(field, "An output", ["types", "fan_out", "visibility", "tags", "where", "validate"]);
  if (fields === undefined) return [];
  if (fields.types === undefined) source.faults.error(field.place, "An output needs types.", HINT);
  const items = fields.types && source.items(fields.types, "types", HINT);
  if (items?.length === 0) source.faults.error(fields.types?.place, "types is empty.", HINT);
  const types = readTypeNames(scope, items ?? [], "types");
  const open = types.length === 0 || types.length !== items?.length;
  const fanOut = source.integer(fields.fan_out, "fan_out", 1, MOST_ARTIFACTS) ?? 1;
  const visibility = fields.visibility && readVisibility(scope, fields.visibility);
  const tags = source.texts(fields.tags, "tags", "Write a list of words.") ?? [];
  const where = readOutputRule(scope, fields.where, { what: "where", types, open });
  const validate = fields.validate && readValidate(scope, fields.validate, { types, open });
  if (types.length === 0) return [];
  return [
    {
      types,
      fanOut,
      visibility: visibility ?? { kind: "public" },
      tags,
      ...(where && { where }),
      ...(validate && { validate }),
    },
  ];
}

/** A condition on each artifact of the output by itself: every part of it reads one type. */
function readOutputRule(
  scope: Scope,
  field: Field | undefined,
  use: Omit<ExpressionUse, "yields">,
): Expression | undefined {
  const expression = readExpression(scope, field, { ...use, yields: "bool" });
  if (field === undefined || expression === undefined) return undefined;
  for (const part of expression.conjuncts()) {
    if (part.variables.length < 2) continue;
    scope.source.faults.error(
      scope.source.placeInText(field, 0),
      `${use.what} judges each artifact by itself, so "${part.source}" cannot read ${part.variables.join(" and ")} together.`,
      "Join conditions on single types by &&.",
    );
    return undefined;
  }
  return expression;
}

function readValidate(
  scope: Scope,
  field: Field,
  use: Omit<ExpressionUse, "what" | "yields">,
): OutputDefinition["validate"] {
  if (!scope.source.isMap(field)) {
    const check = readOutputRule(scope, field, { ...use, what: "validate" });
    return check && { check, message: `The output must satisfy: ${check.source}` };
  }
  const fields = scope.source.fields(field, "validate", ["check", "message"]);
  if (fields === undefined) return undefined;
  if (fields.check === undefined) {
    scope.source.faults.error(
      field.place,
      "validate needs check.",
      "For example { check: size(Article.text) > 200, message: Too short }.",
    );
  }
  const check = readOutputRule(scope, fields.check, { ...use, what: "check" });
  const message = scope.source.text(fields.message, "message", "Write what the agent should mend.");
  return check && { check, message: message ?? `The output must satisfy: ${check.source}` };
}

function readVisibility(scope: Scope, field: Field): Visibility | undefined {
  const { source } = scope;
  if (!source.isMap(field)) {
    if (source.scalar(field) === "public") return { kind: "public" };
    source.faults.error(field.place, "This is no visibility.", VISIBILITY_HINT);
    return undefined;
  }
  const fields = source.fields(field, "visibility", ["private", "labelled", "tenant", "after", "then"]);
  if (fields === undefined) return undefined;
  const kinds = [fields.private, fields.labelled, fields.tenant, fields.after].filter((kind) => kind !== undefined);
  if (kinds.length !== 1 || (fields.then !== undefined && fields.after === undefined)) {
    source.faults.error(field.place, "visibility must be of one kind.", VISIBILITY_HINT);
    return undefined;
  }
  if (fields.private !== undefined) {
    const agents = readAgentNames(scope, fields.private, "private");
    return agents && { kind: "private", agents };
  }
  if (fields.labelled !== undefined) {
    const labels = source.texts(fields.labelled, "labelled", "Write a list of labels.");
    if (source.isEmptyList(fields.labelled))
      source.faults.warning(
        fields.labelled.place,
        "labelled is empty, so every agent sees it.",
        "Name a label, or write public.",
      );
    return labels && { kind: "labelled", labels };
  }
  if (fields.tenant !== undefined) {
    const tenant = source.text(fields.tenant, "tenant", "Write the tenant's name.");
    return tenant === undefined ? undefined : { kind: "tenant", tenant };
  }
  const ttl = readDuration(scope, fields.after, "after");
  const then = fields.then === undefined ? ({ kind: "public" } as const) : readVisibility(scope, fields.then);
  return ttl === undefined || then === undefined ? undefined : { kind: "after", ttl, then };
}
