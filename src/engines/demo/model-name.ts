import { FlockError } from "../../core/errors.js";

export type FailureKind = "drop" | "stall" | "error" | "no_finish";

/** A parsed `demo/…` name. `tps` is in tokens a second, 0 meaning as fast as possible; `chunk`, `chars` and `after` are UTF-16 units. */
export type DemoModel =
  | { readonly kind: "essay"; readonly tps: number; readonly chars: number; readonly seed: number }
  | { readonly kind: "echo"; readonly tps: number; readonly chunk: number }
  | { readonly kind: "fail"; readonly tps: number; readonly after: number; readonly how: FailureKind };

interface Parameter {
  readonly fallback: string;
  readonly accepts: RegExp;
  readonly words: string;
  readonly max?: number;
}

const WHOLE = /^\d{1,9}$/;
const POSITIVE = /^0*[1-9]\d{0,8}$/;
const RATE: Omit<Parameter, "fallback"> = {
  accepts: /^(\d{1,7}(\.\d{1,3})?)$/,
  words: "tokens a second, 0 for as fast as possible",
};

const MODELS: Readonly<Record<DemoModel["kind"], Readonly<Record<string, Parameter>>>> = {
  essay: {
    tps: { ...RATE, fallback: "40" },
    chars: { fallback: "2000", accepts: POSITIVE, max: 100_000_000, words: "a length from 1 to 100000000" },
    seed: { fallback: "1", accepts: WHOLE, words: "a whole number" },
  },
  echo: {
    tps: { ...RATE, fallback: "200" },
    chunk: { fallback: "4", accepts: POSITIVE, max: 1_000_000, words: "a length from 1 to 1000000" },
  },
  fail: {
    after: { fallback: "200", accepts: WHOLE, words: "a length from 0" },
    how: { fallback: "drop", accepts: /^(drop|stall|error|no_finish)$/, words: "drop, stall, error or no_finish" },
    tps: { ...RATE, fallback: "200" },
  },
};

/** Shown where a name cannot be read. */
export const DEMO_EXAMPLES =
  "demo/essay?tps=40&chars=2000&seed=1, demo/echo?tps=200&chunk=4, demo/fail?after=200&how=drop";

/** Reads `demo/KIND?PARAMETERS`. Throws `FlockError` (`unknown_model`) that says what to type. */
export function parseDemoModel(model: string): DemoModel {
  const match = /^demo\/([^?]*)(?:\?(.*))?$/s.exec(model);
  const kind = match?.[1] ?? "";
  if (!isKind(kind)) {
    throw unknownModel(`There is no demo model "${model}". Type one of: ${DEMO_EXAMPLES}.`);
  }
  const values = readQuery(model, kind, match?.[2] ?? "");
  const number = (name: string) => Number(values[name]);
  switch (kind) {
    case "essay":
      return { kind, tps: number("tps"), chars: number("chars"), seed: number("seed") };
    case "echo":
      return { kind, tps: number("tps"), chunk: number("chunk") };
    case "fail":
      return { kind, tps: number("tps"), after: number("after"), how: values.how as FailureKind };
  }
}

function isKind(kind: string): kind is DemoModel["kind"] {
  return Object.hasOwn(MODELS, kind);
}

function readQuery(model: string, kind: DemoModel["kind"], query: string): Record<string, string> {
  const known = MODELS[kind];
  const values = Object.fromEntries(Object.entries(known).map(([name, parameter]) => [name, parameter.fallback]));
  const seen = new Set<string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const parameter = Object.hasOwn(known, name) ? known[name] : undefined;
    if (parameter === undefined) {
      const names = Object.keys(known).join(", ");
      throw unknownModel(`"${model}": demo/${kind} has no parameter "${name}". It takes ${names}.`);
    }
    if (seen.has(name)) throw unknownModel(`"${model}": "${name}" is given twice. Keep one.`);
    if (!parameter.accepts.test(value) || Number(value) > (parameter.max ?? Number.POSITIVE_INFINITY)) {
      const example = `${name}=${parameter.fallback}`;
      throw unknownModel(`"${model}": "${name}" must be ${parameter.words}, for example ${example}.`);
    }
    seen.add(name);
    values[name] = value;
  }
  return values;
}

function unknownModel(message: string): FlockError {
  return new FlockError("unknown_model", message);
}
