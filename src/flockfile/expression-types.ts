/** Checks an expression against what JSON Schemas say of the fields that it reads. */
import type { Environment } from "@marcbachmann/cel-js";
import { faultOf, newEnvironment } from "./cel.js";
import type { Expression, ExpressionFault } from "./expression.js";

type JsonSchema = Readonly<Record<string, unknown>>;

/** All numbers of JSON are doubles to CEL. */
const CEL_TYPES: Readonly<Record<string, string>> = {
  string: "string",
  number: "double",
  integer: "double",
  boolean: "bool",
  array: "list<dyn>",
};

/** Comparisons that hold between payloads, though CEL's checker wants one type on both sides. */
const LENIENT =
  "double == int|double == uint|double in list<int>|int in list<double>|string == null|double == null|bool == null|list<dyn> == null".split(
    "|",
  );

/** What the checker refuses, though evaluating it does well. */
const HARMLESS = /^(List index must be int|Ternary branches must|undefined$)/;

/**
 * What the expression yields (`bool`, `double`, `dyn`, …), or why it fails for every payload that fits its schema.
 * `schemaOf` gives the schema of a variable's payload. `open`: other variables may be named too.
 */
export function checkExpressionTypes(
  expression: Expression,
  schemaOf: (variable: string) => JsonSchema | undefined,
  open = false,
): { readonly type: string } | { readonly fault: ExpressionFault } {
  const env = newEnvironment(open);
  for (const overload of LENIENT) env.registerOperator(overload, () => false);
  for (const variable of expression.variables) {
    const schema = schemaOf(variable);
    register(env, variable, expression.whole.includes(variable) ? undefined : fieldTypes(expression, variable, schema));
  }
  const checked = env.parse(expression.source).check();
  if (checked.valid) return { type: checked.type ?? expression.type };
  const fault = faultOf(checked.error);
  return HARMLESS.test(fault.message) ? { type: expression.type } : { fault };
}

function register(env: Environment, variable: string, fields: Record<string, string> | undefined): void {
  if (fields === undefined) env.registerVariable(variable, "dyn");
  else env.registerVariable(variable, { schema: fields });
}

/** The fields that the expression reads; `dyn` where the schema does not say a simple type. */
function fieldTypes(expression: Expression, variable: string, schema: JsonSchema | undefined): Record<string, string> {
  const read = expression.fields.filter((access) => access.variable === variable).map((access) => access.field);
  return Object.fromEntries(read.map((field) => [field, celType(property(schema, field))]));
}

function property(schema: JsonSchema | undefined, field: string): unknown {
  const properties = schema?.properties;
  if (typeof properties !== "object" || properties === null || !Object.hasOwn(properties, field)) return undefined;
  return Reflect.get(properties, field);
}

function celType(schema: unknown): string {
  if (typeof schema !== "object" || schema === null || !("type" in schema)) return "dyn";
  const { type } = schema;
  return typeof type === "string" && Object.hasOwn(CEL_TYPES, type) ? (CEL_TYPES[type] ?? "dyn") : "dyn";
}
