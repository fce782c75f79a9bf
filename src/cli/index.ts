/** The command line under plain Node. What a command needs is loaded when it is called. */
import { once } from "node:events";
import { oneLine } from "../runtime/one-line.js";
import { type CommandLine, parseArguments, UsageError } from "./arguments.js";
import { ExitCode, type Io, type OutputStream, processIo } from "./io.js";
import { OutputFaults } from "./output-fault.js";

/** An open socket of a provider must not keep a finished program alive. */
const LINGER_MS = 300;

/** Runs one command line. Resolves with the exit code when everything is written; never rejects. */
export async function main(argv: readonly string[], io: Io = processIo): Promise<number> {
  const faults = new OutputFaults(io);
  const outcome = await run(argv, io);
  if (!(await faults.isBroken())) await drain(io.stdout);
  const code = outcome !== ExitCode.USAGE && (await faults.isBroken()) ? ExitCode.FAILED : outcome;
  if (io === processIo) setTimeout(() => process.exit(code), LINGER_MS).unref();
  return code;
}

async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await execute(parseArguments(argv), io);
  } catch (error) {
    return report(error, io);
  }
}

async function execute(command: CommandLine, io: Io): Promise<number> {
  switch (command.name) {
    case "help":
      io.stdout.write((await import("./help.js")).HELP);
      return ExitCode.OK;
    case "version":
      io.stdout.write(`${(await import("../runtime/version.js")).VERSION}\n`);
      return ExitCode.OK;
    case "completion":
      io.stdout.write((await import("./completion.js")).completionScript(command.shell));
      return ExitCode.OK;
    case "validate":
      return (await import("./validate.js")).validate(command.file, io);
    case "cli":
      return (await import("./run-cli.js")).runCli(command, io);
    case "serve":
      return (await import("./serve.js")).serve(command, io);
  }
}

function report(error: unknown, io: Io): number {
  if (error instanceof UsageError) {
    io.stderr.write(`flockdeck: ${oneLine(`${error.message} ${error.hint}`.trim())}\n`);
    return ExitCode.USAGE;
  }
  if (error instanceof Error && error.name === "FlockFileError") {
    io.stderr.write(`${error.message}\n`);
    return ExitCode.USAGE;
  }
  if (error instanceof Error && error.name === "FlockError") {
    io.stderr.write(`flockdeck: ${oneLine(error.message)}.\n`);
    return ExitCode.FAILED;
  }
  io.stderr.write(`flockdeck: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return ExitCode.FAILED;
}

/** A reader that is gone takes nothing more. */
async function drain(stdout: OutputStream): Promise<void> {
  while (stdout.writable && stdout.writableLength > 0) {
    await Promise.race([once(stdout, "drain"), once(stdout, "close"), once(stdout, "error")]).catch(() => {});
  }
}
