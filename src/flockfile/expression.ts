/** CEL over artifact payloads: compiled once, evaluated many times. */

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
  /** The artifact types it names, in order of appearance. */
  readonly variables: readonly string[];
  /** `Draft.score` and the like, where `Draft` is one of `variables`. */
  readonly fields: readonly FieldAccess[];
  /** Those of `variables` that it also reads otherwise. */
  readonly whole: readonly string[];
  /** `bool`, `int`, `string`, … or `dyn` where only a payload can tell. */
  readonly type: string;
  evaluate(payloads: Readonly<Record<string, unknown>>): unknown;
  /** The operands of a top-level `&&`, else itself. */
  conjuncts(): readonly Expression[];
}
