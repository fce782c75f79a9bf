import { type Document, isCollection, LineCounter, parseDocument, visit } from "yaml";
import { checkFlow } from "./check-flow.js";
import { checkUnused } from "./check-unused.js";
import type { FlockDefinition } from "./definition.js";
import type { FlockFileFault } from "./fault.js";
import type { Place } from "./fault-list.js";
import type { ModelCheck } from "./model-name.js";
import { readAgentNamesAhead, readAgents, readModel } from "./read-agents.js";
import { readMcpServers } from "./read-mcp-servers.js";
import { readProviderLimits, readProviders } from "./read-providers.js";
import { readSample } from "./read-sample.js";
import { readTypes } from "./read-types.js";
import type { Scope } from "./scope.js";
import { type Field, Source } from "./source.js";

export interface ParseFlockFileOptions {
  /** Gives the flock its name where the file gives none. */
  readonly path?: string;
  readonly checkModel?: ModelCheck;
  /** The types that come from outside beside the sample; `any`: all of them. Default: none. */
  readonly input?: readonly string[] | "any";
  /** Look closer, as `--validate` does: more warnings, and no more errors. */
  readonly strict?: boolean;
  /** Milliseconds since 1970, for schedules. Default: the system's clock. */
  readonly now?: number;
}

export interface ParsedFlockFile {
  /** Missing if any fault is an error. */
  readonly definition: FlockDefinition | undefined;
  /** In the order of the file. */
  readonly faults: readonly FlockFileFault[];
}

const MODE_NOTE = "A flock file cannot set the runtime mode; how Flockdeck is started decides it.";
const SHAPE_HINT = "It has: name, model, types, agents, publish, and more.";
const DEFAULT_MODEL = "demo/essay";
/** Lists and maps inside one another; what is read, checked and compiled of them recurses. */
const DEEPEST = 200;

/** Reads a flock file and finds everything that is wrong with it. Never throws. */
export function parseFlockFile(text: string, options: ParseFlockFileOptions = {}): ParsedFlockFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const source = new Source(document, text, lines);
  const definition = reportSyntax(source, document) ? undefined : read(source, document, options);
  const faults = source.faults.list();
  const valid = definition !== undefined && !faults.some((fault) => fault.severity === "error");
  return { definition: valid ? definition : undefined, faults };
}

/** By the parser's codes. */
const SYNTAX_HINTS: Readonly<Partial<Record<string, string>>> = {
  MULTIPLE_DOCS: "A flock file is one document: remove the line ---.",
  TAB_AS_INDENT: "Indent by spaces.",
  BAD_INDENT: "Indent it like the lines that it belongs to, and close brackets before.",
  MISSING_CHAR: "Close the bracket or the quote, or write the sign that is missing.",
  BLOCK_AS_IMPLICIT_KEY: "Quote a text that has a colon; put what is inside on lines of its own.",
  MULTILINE_IMPLICIT_KEY: "Write KEY: VALUE on one line, and quote a text that has a colon.",
  UNEXPECTED_TOKEN: "Remove it, or quote the text that it belongs to.",
  BAD_SCALAR_START: "Quote the text.",
  BAD_DQ_ESCAPE: "Write two backslashes for one, or use single quotes.",
};

function reportDepth(source: Source, place: Place): void {
  source.faults.error(place, "This is nested too deep.", `Nest at most ${DEEPEST} levels.`);
}

/** Whether the syntax is so broken that all further faults would be guesses. */
function reportSyntax(source: Source, document: Document): boolean {
  const overflow = document.errors.find(({ message }) => message.startsWith("Maximum call stack"));
  if (overflow !== undefined) {
    reportDepth(source, overflow.pos[0]);
    return true;
  }
  let broken = false;
  for (const error of document.errors) {
    if (error.code === "DUPLICATE_KEY") {
      source.faults.error(error.pos[0], "This key is here twice.", "Remove one of them.");
      continue;
    }
    broken = true;
    source.faults.error(error.pos[0], `${error.message}.`, SYNTAX_HINTS[error.code] ?? "Mend the YAML here.");
  }
  visit(document, {
    Alias(_, alias, path) {
      const anchored = source.anchored(alias);
      if (anchored !== undefined && !path.includes(anchored)) return;
      broken = true;
      if (anchored === undefined)
        source.faults.error(
          alias,
          `There is no anchor "&${alias.source}" before this.`,
          "Quote the text if it is no alias.",
        );
      else
        source.faults.error(
          alias,
          `This alias stands inside of "&${alias.source}", which it names.`,
          "Write out what it should hold.",
        );
    },
    Collection(_, node, path) {
      if (broken || path.filter(isCollection).length < DEEPEST) return undefined;
      broken = true;
      reportDepth(source, node);
      return visit.BREAK;
    },
  });
  for (const warning of document.warnings) source.faults.warning(warning.pos[0], `${warning.message}.`);
  return broken;
}

function read(source: Source, document: Document, options: ParseFlockFileOptions): FlockDefinition | undefined {
  const { input = [], strict = false } = options;
  const node = source.resolve(document.contents);
  const root: Field = { key: "", keyNode: 0, value: node, place: node ?? 0 };
  if (node === undefined) {
    source.faults.error(0, "The flock file is empty.", SHAPE_HINT);
    return undefined;
  }
  const fields = source.fields(
    root,
    "A flock file",
    [
      "name",
      "description",
      "model",
      "max_concurrency",
      "providers",
      "provider_limits",
      "mcp_servers",
      "types",
      "agents",
      "publish",
    ],
    { mode: MODE_NOTE, runtime_mode: MODE_NOTE, runtimeMode: MODE_NOTE },
  );
  if (fields === undefined) return undefined;
  if (fields.agents === undefined)
    source.faults.error(root.place, "A flock file needs agents.", "Each begins with - name: NAME.");
  if (fields.types === undefined)
    source.faults.error(root.place, "A flock file needs types.", "For example types: and Article: text.");

  const { names: providerNames, providers } = readProviders(source, fields.providers);
  const types = readTypes(source, fields.types, strict);
  const agentNames = readAgentNamesAhead(source, fields.agents);
  const scope: Scope = {
    source,
    types,
    agentNames,
    providerNames,
    mcpServers: readMcpServers(source, fields.mcp_servers),
    checkModel: options.checkModel,
    now: options.now ?? Date.now(),
  };
  const model = readModel(scope, fields.model) ?? DEFAULT_MODEL;
  const maxConcurrency = source.integer(fields.max_concurrency, "max_concurrency", 1);
  const agents = readAgents(scope, fields.agents, model);
  const sample = readSample(scope, fields.publish);
  const typeFields =
    fields.types && source.isMap(fields.types) ? (source.entries(fields.types, "types", "") ?? []) : [];
  if (strict) checkUnused({ source, fields, agents, model });
  checkFlow({ source, agents, sample, typeFields, input, strict });
  return {
    name: source.text(fields.name, "name", "Write the flock's name.") ?? nameFromPath(options.path),
    description: source.text(fields.description, "description", "Write what the flock is for.") ?? "",
    model,
    providers,
    ...(maxConcurrency !== undefined && { maxConcurrency }),
    providerLimits: readProviderLimits(source, fields.provider_limits, providerNames),
    types: [...types.values()].filter((type) => type !== undefined),
    agents: agents.map((agent) => agent.definition),
    sample: sample.map(({ type, payload }) => ({ type, payload })),
  };
}

function nameFromPath(path: string | undefined): string {
  const file = path?.split(/[\\/]/).at(-1) ?? "";
  return file.replace(/\.ya?ml$/, "") || "Flock";
}
