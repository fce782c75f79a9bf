/** `flockdeck --cli FILE`: one run, here. */
import { formatFault, type Runtime } from "../runtime/index.js";
import { type CliCommand, UsageError } from "./arguments.js";
import { type InputArtifact, readInput } from "./input.js";
import { type Ending, watchInterrupts } from "./interrupts.js";
import { ExitCode, type Io } from "./io.js";
import { NdjsonView } from "./ndjson-view.js";
import type { OutputView } from "./output-view.js";
import { hasCode, startChecked } from "./start-checked.js";
import { drawsOn, textView } from "./text-view.js";
import { watchLocally } from "./viewer.js";

/** After a stop, runs get this long to hand over what they have. */
const STOP_GRACE_MS = 2_000;

export async function runCli(command: CliCommand, io: Io): Promise<number> {
  const input = await Promise.all(command.publish.map(readInput));
  const onTerminal = !command.json && drawsOn(io);
  const runtime = await open(command, input, io, onTerminal);
  const view = command.json ? new NdjsonView(io.stdout) : await textView(io);
  try {
    return await runToEnd(runtime, view, command, input, io);
  } finally {
    view.abandon();
    await runtime.shutdown({ deadlineMs: 0 });
  }
}

async function open(command: CliCommand, input: readonly InputArtifact[], io: Io, console: boolean): Promise<Runtime> {
  const { file, model } = command;
  const runtime = await startChecked({
    source: { path: file },
    mode: "cli",
    input: input.map(({ type }) => type),
    console,
    env: io.env,
    ...(model !== undefined && { model }),
  });
  if (warns(command)) for (const warning of runtime.warnings) io.stderr.write(`${formatFault(file, warning)}\n`);
  return runtime;
}

function warns({ logLevel }: CliCommand): boolean {
  return logLevel !== "error" && logLevel !== "fatal" && logLevel !== "silent";
}

async function runToEnd(
  runtime: Runtime,
  view: OutputView,
  command: CliCommand,
  input: readonly InputArtifact[],
  io: Io,
): Promise<number> {
  const running = new Set<string>();
  const outcomes = new Map<string, string>();
  const endings = new Map<string, number>();
  runtime.flock.on((event) => {
    if (event.type === "workflow_started") running.add(event.correlationId);
    if (event.type !== "workflow_finished") return;
    running.delete(event.correlationId);
    outcomes.set(event.correlationId, event.status);
    endings.set(event.correlationId, event.timestamp);
  });
  const interrupts = watchInterrupts(io, {
    timeout: command.timeout,
    onAgain() {
      view.abandon();
      io.exit(ExitCode.INTERRUPTED);
    },
  });
  const viewer = watchLocally(runtime, {
    carrier: view.carrier,
    onMessages: (messages) => view.onMessages(messages),
    bufferedBytes: () => view.bufferedBytes,
  });
  io.stdout.on("drain", viewer.drained);
  try {
    const isPublished = await publish(runtime, command, input);
    if (!isPublished && warns(command))
      io.stderr.write("flockdeck: There is no input; agents run by their schedules. Stop with Ctrl-C.\n");
    const over = isPublished ? runtime.idle() : untilOver(runtime);
    const cut = await Promise.race([over.then(() => undefined), interrupts.first]);
    const isBetweenRuns = !isPublished && running.size === 0;
    if (cut !== undefined) await stop(runtime, running);
    // Nobody is left to tell, and what was under way has been interrupted.
    const withoutReader = cut === "gone" ? "interrupted" : cut;
    if (cut === "gone") return exitCode(withoutReader, outcomes);
    const handedOver = viewer.sawEndOf(endings);
    await Promise.race([handedOver, interrupts.first.then(() => atMost(STOP_GRACE_MS, handedOver))]);
    if (interrupts.ending === "gone") return exitCode(withoutReader, outcomes);
    view.finish();
    // Schedules have no end of their own: a time that is up between their runs cuts nothing off.
    const ending = interrupts.ending === "timeout" && isBetweenRuns ? undefined : interrupts.ending;
    if (ending === "timeout") io.stderr.write(`flockdeck: Timed out after ${command.timeout} s.\n`);
    return exitCode(ending, outcomes);
  } finally {
    interrupts.release();
    io.stdout.off("drain", viewer.drained);
    viewer.detach();
  }
}

/**
 * False where there is nothing to publish because agents run by their schedules alone. Rejects with `UsageError` where
 * the input does not fit the flock.
 */
async function publish(runtime: Runtime, command: CliCommand, input: readonly InputArtifact[]): Promise<boolean> {
  const artifacts = input.length > 0 ? input : runtime.sample;
  const types = runtime.flock.artifactTypes.map(({ name }) => name).join(", ");
  if (artifacts.length === 0) {
    await runtime.idle();
    if (runtime.flock.scheduled) return false;
    throw new UsageError(
      `${command.file} has no publish: sample.`,
      `Type --publish 'TYPE={…}', where TYPE is one of: ${types}.`,
    );
  }
  try {
    await runtime.publishAll(artifacts);
    return true;
  } catch (error) {
    if (!hasCode(error, "unknown_type", "invalid_payload")) throw error;
    const message = error.message.replace(/[^.?!]$/, "$&.");
    const known = hasCode(error, "unknown_type") ? ` The types are: ${types}.` : "";
    throw new UsageError(message, `Mend what --publish says, or the publish: sample of the file.${known}`);
  }
}

/** Resolves when nothing is running, and no schedule is to come. */
async function untilOver({ flock, idle }: Runtime): Promise<void> {
  while (flock.scheduled) {
    await new Promise<void>((resolve) => {
      const off = flock.on((event) => {
        if (event.type !== "workflow_finished") return;
        off();
        resolve();
      });
    });
  }
  await idle();
}

/** Cancels every workflow; what has been written so far is kept and told. */
async function stop(runtime: Runtime, running: ReadonlySet<string>): Promise<void> {
  for (const correlationId of [...running]) {
    try {
      runtime.flock.cancel({ correlationId });
    } catch {
      // It ended by itself in the meantime.
    }
  }
  await atMost(STOP_GRACE_MS, runtime.idle());
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

function exitCode(ending: Ending | undefined, outcomes: ReadonlyMap<string, string>): number {
  if (ending === "interrupted") return ExitCode.INTERRUPTED;
  if (ending === "timeout") return ExitCode.FAILED;
  return [...outcomes.values()].every((outcome) => outcome === "completed") ? ExitCode.OK : ExitCode.FAILED;
}
