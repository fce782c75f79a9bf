import type { LineCounter } from "yaml";
import type { FlockFileFault } from "./fault.js";

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
