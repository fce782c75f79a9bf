import { oneLine } from "../core/one-line.js";

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
  return oneLine(`${path}:${fault.line}:${fault.column}: ${fault.severity}: ${fault.message} ${fault.hint}`).trimEnd();
}
