import type { LineCounter } from "yaml";

/** One thing wrong with a flock file. Lines and columns count from 1. */
export interface FlockFileFault {
  readonly line: number;
  readonly column: number;
  readonly severity: "error" | "warning";
  readonly message: string;
  /** What to type or mend. */
  readonly hint: string;
}

/** A flock file that cannot be used, with everything that is wrong with it. */
export class FlockFileError extends Error {
  override readonly name = "FlockFileError";
  readonly faults: readonly FlockFileFault[];

  constructor(path: string, faults: readonly FlockFileFault[]) {
    super(faults.map((fault) => formatFault(path, fault)).join("\n"));
    this.faults = faults;
  }
}

/** One line for people and editors: `newsroom.yaml:4:9: error: No such type "Topik". Did you mean Topic?` */
export function formatFault(path: string, fault: FlockFileFault): string {
  return `${path}:${fault.line}:${fault.column}: ${fault.severity}: ${fault.message} ${fault.hint}`.trimEnd();
}

/** Where a fault is: anything of the YAML library that knows its range, or a bare offset. */
export type Place = { readonly range?: readonly number[] | null | undefined } | number | null | undefined;

/** Collects faults; the same words at the same place count once. */
export class FaultList {
  readonly #lines: LineCounter;
  readonly #faults = new Map<string, FlockFileFault>();

  constructor(lines: LineCounter) {
    this.#lines = lines;
  }

  error(place: Place, message: string, hint = ""): void {
    this.#add("error", place, message, hint);
  }

  warning(place: Place, message: string, hint = ""): void {
    this.#add("warning", place, message, hint);
  }

  /** In the order of the file. */
  list(): readonly FlockFileFault[] {
    return [...this.#faults.values()].sort((a, b) => a.line - b.line || a.column - b.column);
  }

  #add(severity: FlockFileFault["severity"], place: Place, message: string, hint: string): void {
    const offset = typeof place === "number" ? place : (place?.range?.[0] ?? 0);
    const { line, col } = this.#lines.linePos(offset);
    const fault = { line: Math.max(line, 1), column: Math.max(col, 1), severity, message, hint };
    this.#faults.set(`${fault.line}:${fault.column}:${message}`, fault);
  }
}
