/** CEL over artifact payloads: compiled once, evaluated many times. */
import { type ASTNode, Environment, serialize } from "@marcbachmann/cel-js";

export interface ExpressionFault {
  readonly message: string;
  /** Offset inside the expression. */
  readonly offset: number;
  /** The variable that is not known, if that is the fault. */
  readonly unknownVariable?: string;
}

export interface FieldAccess {
  readonly variable: string;
  readonly field: string;
  readonly offset: number;
}

/** A compiled expression. `evaluate` throws when a field is missing or types do not fit. */
export interface Expression {
  readonly source: string;
  readonly ast: ASTNode;
  /** The artifact types it names, in order of appearance. */
  readonly variables: readonly string[];
  /** `Draft.score` and the like, where `Draft` is one of `variables`. */
  readonly fields: readonly FieldAccess[];
  /** `bool`, `int`, `string`, … or `dyn` where only a payload can tell. */
  readonly type: string;
  evaluate(payloads: Readonly<Record<string, unknown>>): unknown;
  /** The operands of a top-level `&&`, else itself. */
  conjuncts(): readonly Expression[];
}

const CEL_NAME = /^[_a-zA-Z][_a-zA-Z0-9]*$/;

/** JSON has one kind of number; CEL has two and mixes them only where it is told how. */
type Arithmetic = (a: unknown, b: unknown) => number;
const remainder: Arithmetic = (a, b) => Number(a) % Number(b);
const arithmetic: Readonly<Record<string, Arithmetic>> = {
  "+": (a, b) => Number(a) + Number(b),
  "-": (a, b) => Number(a) - Number(b),
  "*": (a, b) => Number(a) * Number(b),
  "/": (a, b) => Number(a) / Number(b),
  "%": remainder,
};

/** Whether CEL can read a variable of this name: some words it keeps for itself, and some marks end a name. */
export function isCelName(name: string): boolean {
  if (!CEL_NAME.test(name)) return false;
  const env = new Environment();
  try {
    env.registerVariable(name, "dyn");
    return env.parse(name).ast.op === "id";
  } catch {
    return false;
  }
}

/** Where `source` reads a field of this name, though CEL cannot; undefined if it does not. */
export function offsetOfUse(source: string, name: string): number | undefined {
  const withoutTexts = source.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, (text) => " ".repeat(text.length));
  const escaped = name.replaceAll(/[.-]/g, "\\$&");
  return new RegExp(`(?<![\\w.-])${escaped}(?=\\s*\\.)`).exec(withoutTexts)?.index;
}

/** CEL with JSON's numbers, and no variables. `open`: any variable may be named. */
export function newEnvironment(open = false): Environment {
  const env = new Environment({ homogeneousAggregateLiterals: false, unlistedVariablesAreDyn: open });
  for (const [operator, apply] of Object.entries(arithmetic)) {
    env.registerOperator(`double ${operator} int`, apply);
    env.registerOperator(`int ${operator} double`, apply);
  }
  env.registerOperator("double % double", remainder);
  return env;
}

function environment(variables: Iterable<string>, open: boolean): Environment {
  const env = newEnvironment(open);
  for (const name of variables) {
    if (!CEL_NAME.test(name)) continue;
    try {
      env.registerVariable(name, "dyn");
    } catch {
      // A word that CEL keeps for itself cannot be a variable; an expression that uses it is told so by the parser.
    }
  }
  return env;
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === "object" && value !== null && "op" in value && "args" in value;
}

export function walk(value: unknown, visit: (node: ASTNode) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit);
  } else if (isNode(value)) {
    visit(value);
    walk(value.args, visit);
  }
}

export function faultOf(error: unknown): ExpressionFault {
  const details: { summary?: unknown; message?: unknown; code?: unknown; range?: { start?: unknown } } =
    typeof error === "object" && error !== null ? error : {};
  const message = String(details.summary ?? details.message ?? error);
  const start = details.range?.start;
  const unknown = /^Unknown variable: (.+)$/.exec(message)?.[1];
  return {
    message,
    offset: typeof start === "number" ? start : 0,
    ...(unknown === undefined ? {} : { unknownVariable: unknown }),
  };
}

/**
 * Compiles `source` where the variables are the payloads of the named artifact types. `open`: other variables may be
 * named too, because not every type is known.
 */
export function compileExpression(
  source: string,
  variables: Iterable<string>,
  open = false,
): { readonly expression: Expression } | { readonly fault: ExpressionFault } {
  const names = new Set(variables);
  const env = environment(names, open);
  try {
    const parsed = env.parse(source);
    const checked = parsed.check();
    if (!checked.valid) return { fault: faultOf(checked.error) };
    return {
      expression: wrap({ env, names }, source, parsed.ast, checked.type ?? "dyn", (payloads) =>
        parsed({ ...payloads }),
      ),
    };
  } catch (error) {
    return { fault: faultOf(error) };
  }
}

interface Names {
  readonly env: Environment;
  /** The artifact types: CEL has variables of its own, such as `double`. */
  readonly names: ReadonlySet<string>;
}

function wrap(known: Names, source: string, ast: ASTNode, type: string, evaluate: Expression["evaluate"]): Expression {
  const used = new Set<string>();
  const fields: FieldAccess[] = [];
  walk(ast, (node) => {
    if (node.op === "id" && known.names.has(node.args)) used.add(node.args);
    if (node.op === "." && node.args[0].op === "id" && known.names.has(node.args[0].args)) {
      fields.push({ variable: node.args[0].args, field: node.args[1], offset: node.args[0].start });
    }
  });
  let parts: readonly Expression[] | undefined;
  const expression: Expression = {
    source,
    ast,
    variables: [...used],
    fields,
    type,
    evaluate,
    conjuncts: () => {
      parts ??= ast.op === "&&" ? ast.args.flatMap((side) => wrapPart(known, side).conjuncts()) : [expression];
      return parts;
    },
  };
  return expression;
}

function wrapPart(known: Names, ast: ASTNode): Expression {
  const source = serialize(ast);
  const parsed = known.env.parse(source);
  return wrap(known, source, parsed.ast, "bool", (payloads) => parsed({ ...payloads }));
}
