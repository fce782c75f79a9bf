/** CEL as flock files have it: which variables there are, and what is said of a fault. */
import { Environment } from "@marcbachmann/cel-js";
import type { ExpressionFault } from "./expression.js";

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

/** CEL with these variables, of any type; names that it cannot read are left out. */
export function environment(variables: Iterable<string>, open: boolean): Environment {
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

export function faultOf(error: unknown): ExpressionFault {
  const details: { summary?: unknown; message?: unknown; code?: unknown; range?: { start?: unknown } } =
    typeof error === "object" && error !== null ? error : {};
  const message = plainWords(String(details.summary ?? details.message ?? error));
  const start = details.range?.start;
  const unknown = /^Unknown variable: (.+)$/.exec(message)?.[1];
  return {
    message,
    offset: typeof start === "number" ? start : 0,
    ...(unknown === undefined ? {} : { unknownVariable: unknown }),
  };
}

/** What the library says, in the words of a flock file. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^no such overload: (.+)$/, "there is no $1"],
  [/^found no matching overload for '(.+)'$/, "there is no function $1"],
  [/\bEOF$/, "it ends too early"],
  [/^Exceeded max|^Maximum call stack/, "it is too long, or nested too deep"],
];

function plainWords(message: string): string {
  const [known, words] = WORDS.find(([pattern]) => pattern.test(message)) ?? [];
  if (known === undefined || words === undefined) return message;
  const plain = message.replace(known, words);
  return words.includes("$1") ? plain : words;
}
