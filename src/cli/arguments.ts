/** The command line, read and checked. What is wrong with it is a `UsageError` that says what to type. */
import { Command, CommanderError, Option } from "commander";

export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

export interface CliCommand {
  readonly name: "cli";
  readonly file: string;
  /** As typed: `Type={json}` or `Type=@file.json`. */
  readonly publish: readonly string[];
  readonly json: boolean;
  readonly model?: string;
  /** Seconds. */
  readonly timeout?: number;
  readonly logLevel?: LogLevel;
}

export interface ServeCommand {
  readonly name: "serve";
  readonly file: string;
  readonly dashboard: boolean;
  readonly host: string;
  readonly port: number;
  readonly watchToken?: string;
  readonly controlToken?: string;
  readonly maxViewers?: number;
  /** Further names, as the `Host` header has them: `NAME` or `NAME:PORT`. */
  readonly allowHosts: readonly string[];
  readonly model?: string;
  readonly json: boolean;
  readonly logLevel?: LogLevel;
}

export type CommandLine =
  | CliCommand
  | ServeCommand
  | { readonly name: "validate"; readonly file: string }
  | { readonly name: "completion"; readonly shell: Shell }
  | { readonly name: "help" }
  | { readonly name: "version" };

/** Exit code 2. The message is for people; `hint` is what to type. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly hint: string;

  constructor(message: string, hint = "Type flockdeck --help to see what there is.") {
    super(message);
    this.hint = hint;
  }
}

interface Options {
  cli?: true;
  serve?: true;
  validate?: true;
  help?: true;
  version?: true;
  completion?: Shell;
  publish?: string[];
  json?: true;
  model?: string;
  timeout?: number;
  dashboard?: true;
  host?: string;
  port?: number;
  watchToken?: string;
  controlToken?: string;
  maxViewers?: number;
  allowHost?: string[];
  logLevel?: LogLevel;
}

type OptionName = keyof Options;

/** Which options belong to which command, by the flags a person types. */
const BELONGS: Readonly<Record<"cli" | "serve" | "validate", readonly OptionName[]>> = {
  cli: ["publish", "json", "model", "timeout", "logLevel"],
  serve: [
    "dashboard",
    "host",
    "port",
    "allowHost",
    "watchToken",
    "controlToken",
    "maxViewers",
    "json",
    "model",
    "logLevel",
  ],
  validate: ["logLevel"],
};

function flag(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function number(name: string, wanted: string, accepts: (value: number) => boolean): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== "" && Number.isFinite(value) && accepts(value)) return value;
    throw new UsageError(
      `${name} must be ${wanted}, not "${text}".`,
      `For example ${name} ${name === "--port" ? 8344 : 60}.`,
    );
  };
}

function program(): Command {
  const collect = (value: string, all: string[] = []) => [...all, value];
  const command = new Command("flockdeck")
    .helpOption(false)
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeOut: () => {}, writeErr: () => {} })
    .argument("[file...]")
    .option("-h, --help")
    .option("--cli")
    .option("--serve")
    .option("--validate")
    .option("--version")
    .option("--json")
    .option("--dashboard")
    .option("--model <id>")
    .option("--host <host>", "", listenHost)
    .option("--allow-host <name>", "", (value: string, all: string[] = []) => [...all, hostName(value)])
    .option("--watch-token <token>")
    .option("--control-token <token>")
    .option("--publish <type=payload>", "", collect)
    .option(
      "--timeout <seconds>",
      "",
      number("--timeout", "a number of seconds above 0", (value) => value > 0),
    )
    .option("--port <port>", "", number("--port", "a whole number from 0 to 65535", isPort))
    .option("--max-viewers <n>", "", number("--max-viewers", "a whole number of at least 1", isCount))
    .addOption(new Option("--log-level <level>").choices(LOG_LEVELS))
    .addOption(new Option("--completion <shell>").choices(SHELLS));
  return command;
}

/** An empty one, as from a variable that is not set, would listen to every machine. Throws `UsageError`. */
function listenHost(text: string): string {
  if (text.trim() !== "") return text;
  throw new UsageError("--host must be an address of this machine, not empty.", "For example --host 127.0.0.1.");
}

/** A name or an address as a `Host` header has it. Throws `UsageError`. */
function hostName(text: string): string {
  if (/^([\w-]+(\.[\w-]+)*|\[[\da-f:.]+\])(:\d{1,5})?$/i.test(text)) return text;
  throw new UsageError(
    `--allow-host must be NAME or NAME:PORT, not "${text}".`,
    "For example --allow-host localhost:9000.",
  );
}

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1;
const isPort = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 65_535;

/** Every option, for completion. */
export function optionFlags(): readonly string[] {
  return program().options.map((option) => option.long ?? option.flags);
}

/** Throws `UsageError`. */
export function parseArguments(argv: readonly string[]): CommandLine {
  const command = program();
  try {
    command.parse(argv, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) throw new UsageError(sentence(error.message));
    throw error;
  }
  const options = command.opts<Options>();
  if (options.help) return { name: "help" };
  if (options.version) return { name: "version" };
  if (options.completion !== undefined) return { name: "completion", shell: options.completion };
  return withFile(options, command.args);
}

/** Commander's `error: unknown option '--jsn'\n(Did you mean --json?)` as one sentence. */
function sentence(message: string): string {
  const text = message.replace(/^error: /, "").replace(/\s*\n\s*/g, " ");
  const capitalised = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.)?]$/.test(capitalised) ? capitalised : `${capitalised}.`;
}

function withFile(options: Options, files: readonly string[]): CommandLine {
  const chosen = (["cli", "serve", "validate"] as const).filter((name) => options[name]);
  const [name] = chosen;
  if (name === undefined) {
    throw new UsageError("Nothing to do here.", "Type flockdeck --cli FILE, --serve FILE or --validate FILE.");
  }
  if (chosen.length > 1) {
    throw new UsageError(`${chosen.map(flag).join(" and ")} do not go together.`, `Type one of them.`);
  }
  const [file, ...rest] = files;
  if (file === undefined || file === "")
    throw new UsageError(`${flag(name)} needs a flock file.`, `Type flockdeck ${flag(name)} FILE.`);
  if (rest.length > 0) {
    throw new UsageError(
      `One flock file at a time, but there is also "${rest.join('", "')}".`,
      "Quote a name with spaces.",
    );
  }
  for (const option of Object.keys(options) as OptionName[]) {
    if (option === name || BELONGS[name].includes(option)) continue;
    const owner = (["cli", "serve"] as const).find((other) => BELONGS[other].includes(option)) ?? "cli";
    throw new UsageError(`${flag(option)} does not go with ${flag(name)}.`, `It belongs to ${flag(owner)}.`);
  }
  const { logLevel, model } = options;
  const shared = {
    file,
    json: options.json ?? false,
    ...(logLevel && { logLevel }),
    ...(model !== undefined && { model }),
  };
  if (name === "validate") return { name, file };
  if (name === "cli") {
    const { publish = [], timeout } = options;
    return { name, ...shared, publish, ...(timeout !== undefined && { timeout }) };
  }
  const { watchToken, controlToken, maxViewers } = options;
  return {
    name,
    ...shared,
    dashboard: options.dashboard ?? false,
    host: options.host ?? "127.0.0.1",
    port: options.port ?? 8344,
    allowHosts: options.allowHost ?? [],
    ...(watchToken !== undefined && { watchToken }),
    ...(controlToken !== undefined && { controlToken }),
    ...(maxViewers !== undefined && { maxViewers }),
  };
}
