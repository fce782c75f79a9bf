import { isCelName, offsetOfUse } from "./cel.js";
import { compileExpression } from "./compile-expression.js";
import type { Expression } from "./expression.js";
import { checkExpressionTypes } from "./expression-types.js";
import type { Scope } from "./scope.js";
import type { Field } from "./source.js";
import { closest, didYouMean } from "./suggest.js";

/** What an expression is for decides what it may name and what it must yield. */
export interface ExpressionUse {
  /** For people: `where`, `by`. */
  readonly what: string;
  /** The artifact types whose payloads it may read. */
  readonly types: readonly string[];
  /** What it must yield; anything if left out. */
  readonly yields?: "bool" | "number";
  /** A type is unknown, which is told already: the expression may name what it likes, and is only checked. */
  readonly open?: boolean;
}

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  bool: ["bool", "dyn"],
  number: ["int", "uint", "double", "dyn"],
};

/** Compiles a CEL expression, with faults for what it cannot know. */
export function readExpression(scope: Scope, field: Field | undefined, use: ExpressionUse): Expression | undefined {
  if (field === undefined) return undefined;
  const { source, types } = scope;
  const example = `Write a CEL expression, for example "${exampleOf(scope, use)}".`;
  const text = source.text(field, use.what, example);
  if (text === undefined) return undefined;
  if (reportUnreadableNames(scope, field, text)) return undefined;
  const result = compileExpression(text, use.types, use.open);
  if ("fault" in result) {
    const { fault } = result;
    const place = source.placeInText(field, fault.offset);
    const name = fault.unknownVariable;
    if (name === undefined) {
      source.faults.error(place, `This is not a CEL expression: ${fault.message}.`, example);
    } else if (types.has(name)) {
      source.faults.error(
        place,
        `${use.what} reads ${name}, which is not one of its types.`,
        `It may read: ${use.types.join(", ")}.`,
      );
    } else {
      source.faults.error(
        place,
        `${use.what} reads "${name}", which is no artifact type.`,
        didYouMean(name, use.types),
      );
    }
    return undefined;
  }
  const { expression } = result;
  const checked = checkExpressionTypes(expression, (name) => types.get(name)?.jsonSchema, use.open);
  if ("fault" in checked) {
    const { fault } = checked;
    const place = source.placeInText(field, fault.offset);
    source.faults.error(
      place,
      `${use.what} does not fit its fields' types: ${fault.message}.`,
      fieldHint(scope, expression, use),
    );
    return undefined;
  }
  if (use.yields !== undefined && !ALLOWED[use.yields]?.includes(checked.type)) {
    const wanted = use.yields === "bool" ? "true or false" : "a number";
    source.faults.error(
      source.placeInText(field, 0),
      `${use.what} must yield ${wanted}, but yields ${checked.type}.`,
      example,
    );
    return undefined;
  }
  if (use.yields === "bool" && use.open !== true && expression.conjuncts().some(neverHolds))
    source.faults.error(
      source.placeInText(field, 0),
      `${use.what} never holds.`,
      "Remove it, or let it read a payload.",
    );
  checkFields(scope, field, expression);
  return expression;
}

function exampleOf({ types }: Scope, { types: [name = "Draft"], yields }: ExpressionUse): string {
  const reading = types.get(name)?.isText === true ? `size(${name}.text)` : `${name}.score`;
  return yields === "number" ? reading : `${reading} > ${reading.startsWith("size") ? 200 : 3}`;
}

/** Types whose names CEL cannot read are a fault only where an expression uses them. */
function reportUnreadableNames({ source, types }: Scope, field: Field, text: string): boolean {
  for (const name of types.keys()) {
    const offset = offsetOfUse(text, name);
    if (offset === undefined || isCelName(name)) continue;
    source.faults.error(
      source.placeInText(field, offset),
      `CEL cannot read a type named ${name}.`,
      `Rename the type, for example ${suggestedName(name)}: letters, digits and _, and no word that CEL keeps for itself.`,
    );
    return true;
  }
  return false;
}

function suggestedName(name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9_]/g, "_");
  return isCelName(plain) ? plain : `${plain}_`;
}

/** What the schemas say of the fields that an expression reads, and how a condition reads one of that type. */
function fieldHint({ types }: Scope, { fields }: Expression, { yields }: ExpressionUse): string {
  const known = fields.flatMap(({ variable, field }) => {
    const properties = types.get(variable)?.jsonSchema.properties;
    const schema = typeof properties === "object" && properties !== null ? Reflect.get(properties, field) : undefined;
    if (typeof schema?.type !== "string") return [];
    const name = `${variable}.${field}`;
    const example = yields === "bool" ? USES[schema.type]?.(name) : undefined;
    return [`${name} is of type ${schema.type}${example === undefined ? "" : `: write for example ${example}`}.`];
  });
  return [...new Set(known)].join(" ");
}

const USES: Readonly<Partial<Record<string, (name: string) => string>>> = {
  string: (name) => `${name} == "news"`,
  number: (name) => `${name} > 3`,
  integer: (name) => `${name} > 3`,
  boolean: (name) => name,
  array: (name) => `size(${name}) > 0`,
  object: (name) => `has(${name})`,
};

/** Whether a condition that reads no payload does not hold. */
function neverHolds(condition: Expression): boolean {
  if (condition.variables.length > 0) return false;
  try {
    return condition.evaluate({}) !== true;
  } catch {
    return true;
  }
}

/** A field that the type's schema does not name: impossible where the schema is closed, suspicious where it is open. */
function checkFields(scope: Scope, field: Field, expression: Expression): void {
  for (const access of expression.fields) {
    const type = scope.types.get(access.variable);
    const properties = type?.jsonSchema.properties;
    if (type === undefined || typeof properties !== "object" || properties === null) continue;
    if (Object.hasOwn(properties, access.field)) continue;
    const known = Object.keys(properties);
    const closed = type.isText || type.jsonSchema.additionalProperties === false;
    const message = `${access.variable} has no field "${access.field}".`;
    const place = scope.source.placeInText(field, access.offset);
    const hint = didYouMean(access.field, known);
    if (closed || closest(access.field, known) !== undefined) scope.source.faults.error(place, message, hint);
    else scope.source.faults.warning(place, `The schema of ${message.slice(0, -1)}.`, hint);
  }
}
