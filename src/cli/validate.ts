/** `flockdeck --validate FILE`: every fault of the file, on standard output. */
import { FlockFileError, formatFault, loadFlock } from "../runtime/index.js";
import { oneLine } from "../runtime/one-line.js";
import { ExitCode, type Io } from "./io.js";
import { plural } from "./terminal/words.js";

export async function validate(file: string, io: Io): Promise<number> {
  try {
    const { warnings } = await loadFlock({ path: file }, { strict: true });
    for (const warning of warnings) io.stdout.write(`${formatFault(file, warning)}\n`);
    io.stdout.write(
      `${oneLine(file)}: valid${warnings.length > 0 ? `, with ${plural(warnings.length, "warning")}` : ""}\n`,
    );
    return ExitCode.OK;
  } catch (error) {
    if (!(error instanceof FlockFileError)) throw error;
    for (const fault of error.faults) io.stdout.write(`${formatFault(file, fault)}\n`);
    return ExitCode.USAGE;
  }
}
