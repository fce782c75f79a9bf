import { type ASTNode, type Environment, serialize } from "@marcbachmann/cel-js";
import { environment, faultOf } from "./cel.js";
import type { Expression, ExpressionFault, FieldAccess } from "./expression.js";

function isNode(value: unknown): value is ASTNode {
  return typeof value === "object" && value !== null && "op" in value && "args" in value;
}

function walk(value: unknown, visit: (node: ASTNode) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit);
  } else if (isNode(value)) {
    visit(value);
    walk(value.args, visit);
  }
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
  /** How often each is read, but for `NAME.field`. */
  const reads = new Map<string, number>();
  const count = (name: string, by: number) => reads.set(name, (reads.get(name) ?? 0) + by);
  const fields: FieldAccess[] = [];
  walk(ast, (node) => {
    if (node.op === "id" && known.names.has(node.args)) count(node.args, 1);
    if (node.op === "." && node.args[0].op === "id" && known.names.has(node.args[0].args)) {
      count(node.args[0].args, -1);
      fields.push({ variable: node.args[0].args, field: node.args[1], offset: node.args[0].start });
    }
  });
  let parts: readonly Expression[] | undefined;
  const expression: Expression = {
    source,
    variables: [...reads.keys()],
    fields,
    whole: [...reads].filter(([, times]) => times > 0).map(([name]) => name),
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
