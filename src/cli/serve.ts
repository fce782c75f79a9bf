/** `flockdeck --serve FILE`: the same flock for viewers and programs elsewhere. */
import { existsSync } from "node:fs";
import path from "node:path";
import { formatFault, type Runtime, type RuntimeOptions, VERSION } from "../runtime/index.js";
import { historyFolder } from "../runtime/recordings.js";
import {
  backendOf,
  isLoopback,
  LagSource,
  type RunningServer,
  ServerStartError,
  startServer,
  TokenError,
} from "../server/index.js";
import { type ServeCommand, UsageError } from "./arguments.js";
import { ExitCode, type Io } from "./io.js";
import { createLogger } from "./logger.js";
import { startChecked } from "./start-checked.js";

/** Viewers get what they lack for this long; the process is gone within two seconds. */
const DRAIN_MS = 1_000;
/** Runs that are about to end may. */
const RUNS_MS = 400;
const LAST_MOMENT_MS = 1_900;

type Logger = Awaited<ReturnType<typeof createLogger>>;

interface Tokens {
  readonly watchToken: string | undefined;
  readonly controlToken: string | undefined;
}

export async function serve(command: ServeCommand, io: Io): Promise<number> {
  const logger = await createLogger(io.stderr, command.logLevel ?? "info");
  const lag = new LagSource();
  const runtime = await startChecked({
    source: { path: command.file },
    mode: command.dashboard ? "dashboard" : "api",
    input: "any",
    env: io.env,
    onLag: lag.report,
    ...historyOf(io, logger),
    ...(command.model !== undefined && { model: command.model }),
  });
  for (const warning of runtime.warnings) logger.warn({ fault: warning }, formatFault(command.file, warning));
  const tokens = {
    watchToken: command.watchToken ?? nonEmpty(io.env.FLOCKDECK_WATCH_TOKEN),
    controlToken: command.controlToken ?? nonEmpty(io.env.FLOCKDECK_CONTROL_TOKEN),
  };
  logRuns(runtime, logger);
  const server = await listen(command, runtime, tokens, lag, logger);
  const stopped = untilSignal(io);
  announce(command, runtime, server, tokens, io);
  // Schedules begin; what is published sets off the rest.
  void runtime.idle();
  const signal = await stopped;
  logger.info({ signal }, "draining");
  await close(runtime, server);
  logger.info({}, "stopped");
  return signal === "SIGTERM" ? ExitCode.OK : ExitCode.INTERRUPTED;
}

/** What happens is recorded for this user's window to replay, unless FLOCKDECK_HISTORY=off. */
function historyOf(io: Io, logger: Logger): Pick<RuntimeOptions, "history"> {
  const folder = historyFolder(io.env);
  if (folder === null) return {};
  const writerScript = path.join(__dirname, "history-writer.cjs");
  return { history: { folder, writerScript, onFault: (message) => logger.warn({}, message) } };
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text === "" ? undefined : text;
}

async function listen(
  command: ServeCommand,
  runtime: Runtime,
  tokens: Tokens,
  lag: LagSource,
  logger: Logger,
): Promise<RunningServer> {
  const { host, port, dashboard, maxViewers, allowHosts } = command;
  try {
    return await startServer({
      backend: backendOf(runtime, lag),
      host,
      port,
      extraHosts: allowHosts,
      ...tokens,
      ...(maxViewers !== undefined && { maxViewers }),
      dashboard,
      ...(dashboard && { staticRoot: viewerBundle() }),
      logger,
      // Typing --host is the explicit choice; the default is loopback.
      allowNetwork: !isLoopback(host),
      version: VERSION,
    });
  } catch (error) {
    await runtime.shutdown();
    if (error instanceof TokenError)
      throw new UsageError(error.message, "See --watch-token, --control-token and their environment variables.");
    if (error instanceof ServerStartError) throw new UsageError(error.message, "See --host and --port.");
    throw error;
  }
}

/** The viewer's files are beside the command line's: out/renderer and out/cli. */
function viewerBundle(): string {
  const folder = path.join(__dirname, "..", "renderer");
  if (!existsSync(path.join(folder, "index.html"))) {
    throw new UsageError("The viewer for browsers is not built.", "Type npm run build, or leave --dashboard out.");
  }
  return folder;
}

/** Tokens that the user chose are not told again, except to the program that asked by --json. */
function announce(command: ServeCommand, runtime: Runtime, server: RunningServer, tokens: Tokens, io: Io): void {
  if (command.json) {
    const { url, watchToken, controlToken } = server;
    const line = { type: "listening", url, watch_token: watchToken, control_token: controlToken };
    io.stdout.write(`${JSON.stringify(line)}\n`);
    return;
  }
  const own = "the token you gave";
  const shown = (token: string, link: string, given: string | undefined) => {
    if (given !== undefined) return own;
    return command.dashboard ? link : token;
  };
  io.stdout.write(
    [
      `Serving ${runtime.name} at ${server.url} (${runtime.mode} mode)`,
      `  watch    ${shown(server.watchToken, server.watchLink, tokens.watchToken)}`,
      `  control  ${shown(server.controlToken, server.controlLink, tokens.controlToken)}`,
      "Stop with Ctrl-C.",
      "",
    ].join("\n"),
  );
}

function logRuns(runtime: Runtime, logger: Logger): void {
  runtime.flock.on((event) => {
    switch (event.type) {
      case "workflow_started":
        logger.info({ correlation_id: event.correlationId }, "workflow started");
        break;
      case "workflow_finished":
        logger.info(
          { correlation_id: event.correlationId, status: event.status, duration: event.duration },
          "workflow finished",
        );
        break;
      case "agent_error":
        logger.warn(
          { agent: event.agentName, run_id: event.runId, error: event.error, will_retry: event.willRetry },
          "agent failed",
        );
        break;
      case "agent_activated":
        logger.debug({ agent: event.agentName, run_id: event.runId }, "agent activated");
        break;
      case "agent_completed":
        logger.debug({ agent: event.agentName, run_id: event.runId, duration: event.duration }, "agent completed");
        break;
    }
  });
}

/** A second signal leaves at once. */
function untilSignal(io: Io): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let first: NodeJS.Signals | undefined;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      io.onSignal(signal, () => {
        if (first !== undefined) io.exit(ExitCode.INTERRUPTED);
        first = signal;
        resolve(signal);
      });
    }
  });
}

/** Runs are stopped, and what they wrote is told, before the viewers are let go. */
async function close(runtime: Runtime, server: RunningServer): Promise<void> {
  const late = new Promise<void>((resolve) => {
    setTimeout(resolve, LAST_MOMENT_MS).unref();
  });
  await Promise.race([closeInOrder(runtime, server), late]);
}

async function closeInOrder(runtime: Runtime, server: RunningServer): Promise<void> {
  await runtime.flock.shutdown({ deadline: RUNS_MS });
  await server.close({ drainMs: DRAIN_MS });
  await runtime.shutdown({ deadlineMs: 0 });
}
