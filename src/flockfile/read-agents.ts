import { EXTERNAL } from "../core/artifact.js";
import type { AgentDefinition, OutputDefinition } from "./definition.js";
import { modelNameFault } from "./model-name.js";
import { readConsumes, readDuration } from "./read-consumes.js";
import { readExpression } from "./read-expression.js";
import { readTools } from "./read-mcp-servers.js";
import { readPublishes } from "./read-publishes.js";
import { readSchedule } from "./read-schedule.js";
import type { Scope } from "./scope.js";
import type { Field, Source } from "./source.js";

/** Unlike any text that a terminal, a log or a file name could take for more than a name. */
const NAME = /^[\p{L}\p{N}_][\p{L}\p{N}_ .-]{0,63}$/u;

/** Calls of a model at once, for one answer. */
const MOST_CANDIDATES = 100;

const AGENT_KEYS = [
  "name",
  "description",
  "consumes",
  "publishes",
  "model",
  "tools",
  "max_concurrency",
  "best_of",
  "schedule",
  "labels",
  "tenant",
  "prevent_self_trigger",
  "deadline",
] as const;

/** The names of all agents, so that others may be checked against them. Twice the same is a fault. */
export function readAgentNamesAhead(source: Source, field: Field | undefined): Set<string> {
  const names = new Set<string>();
  if (field === undefined || !source.isList(field)) return names;
  for (const item of source.items(field, "agents", "") ?? []) {
    if (!source.isMap(item)) continue;
    for (const entry of source.entries(item, "An agent", "") ?? []) {
      const value = source.scalar(entry);
      if (entry.key !== "name" || typeof value !== "string") continue;
      if (names.has(value))
        source.faults.error(entry.place, `There are two agents named "${value}".`, "Rename one of them.");
      names.add(value);
    }
  }
  return names;
}

export interface ReadAgent {
  readonly definition: AgentDefinition;
  /** Where the flow's faults of this agent are told. */
  readonly field: Field;
  readonly nameField: Field | undefined;
}

export function readAgents(scope: Scope, field: Field | undefined, defaultModel: string): ReadAgent[] {
  const { source } = scope;
  const hint = "Each begins with - name: NAME.";
  if (field === undefined) return [];
  const items = source.items(field, "agents", hint) ?? [];
  if (source.isEmptyList(field)) source.faults.error(field.place, "There are no agents.", hint);
  return items.flatMap((item) => readAgent(scope, item, defaultModel) ?? []);
}

function readAgent(scope: Scope, item: Field, defaultModel: string): ReadAgent | undefined {
  const { source } = scope;
  const fields = source.fields(item, "An agent", AGENT_KEYS, {
    mode: "A flock file cannot set the runtime mode; how Flockdeck is started decides it.",
    runtime_mode: "A flock file cannot set the runtime mode; how Flockdeck is started decides it.",
  });
  if (fields === undefined) return undefined;
  if (fields.name === undefined) source.faults.error(item.place, "An agent needs a name.", "Write name: NAME.");
  const name = source.text(fields.name, "name", "Write the agent's name.");
  if (name !== undefined && !NAME.test(name)) {
    source.faults.error(
      fields.name?.place,
      `"${name}" cannot name an agent.`,
      "Use up to 64 letters, digits, spaces, _, - and .",
    );
  } else if (name === EXTERNAL) {
    source.faults.error(
      fields.name?.place,
      `No agent can be named "${EXTERNAL}": so is told what comes from outside the flock.`,
      "Choose another name.",
    );
  }
  const consumes = readConsumes(scope, fields.consumes);
  const publishes = readPublishes(scope, fields.publishes);
  const schedule = readSchedule(scope, fields.schedule);
  if (fields.consumes === undefined && fields.schedule === undefined) {
    source.faults.error(
      fields.name?.place ?? item.place,
      `Nothing can trigger ${name ?? "this agent"}: it consumes nothing and has no schedule.`,
      "Add consumes: [TYPE].",
    );
  }
  const maxConcurrency = source.integer(fields.max_concurrency, "max_concurrency", 1);
  const bestOf = fields.best_of && readBestOf(scope, fields.best_of, { publishes, written: fields.publishes });
  const deadlineMs = readDuration(scope, fields.deadline, "deadline");
  const labels = source.texts(fields.labels, "labels", "Write a list of words.") ?? [];
  const tenant = source.text(fields.tenant, "tenant", "Write the tenant's name.");
  const preventSelfTrigger = source.boolean(fields.prevent_self_trigger, "prevent_self_trigger");
  const definition: AgentDefinition = {
    name: name ?? "",
    description: source.text(fields.description, "description", "Write what the agent does.") ?? "",
    consumes,
    publishes,
    model: readModel(scope, fields.model) ?? defaultModel,
    labels,
    tools: readTools(source, fields.tools, scope.mcpServers),
    ...(maxConcurrency !== undefined && { maxConcurrency }),
    ...(deadlineMs !== undefined && { deadlineMs }),
    ...(bestOf && { bestOf }),
    ...(schedule && { schedule }),
    ...(tenant !== undefined && { tenant }),
    ...(preventSelfTrigger !== undefined && { preventSelfTrigger }),
  };
  return { definition, field: item, nameField: fields.name };
}

/** PROVIDER/MODEL, checked as far as can be without asking the provider. */
export function readModel(scope: Scope, field: Field | undefined): string | undefined {
  if (field === undefined) return undefined;
  const { source } = scope;
  const model = source.text(field, "model", "Write PROVIDER/MODEL, for example openai/gpt-5-mini or demo/essay.");
  if (model === undefined) return undefined;
  const fault = modelNameFault(model, scope.providerNames);
  if (fault !== undefined) {
    source.faults.error(field.place, fault.message, fault.hint);
    return undefined;
  }
  const reason = scope.checkModel?.(model);
  if (reason !== undefined) {
    source.faults.error(field.place, reason, "");
    return undefined;
  }
  return model;
}

function readBestOf(
  scope: Scope,
  field: Field,
  { publishes, written }: { readonly publishes: readonly OutputDefinition[]; readonly written: Field | undefined },
): AgentDefinition["bestOf"] {
  const { source } = scope;
  const types = publishes.flatMap((output) => output.types);
  const hint = `For example { n: 3, score: size(${types[0] ?? "Article"}.text) }.`;
  const fields = source.fields(field, "best_of", ["n", "score"]);
  if (fields === undefined) return undefined;
  if (fields.n === undefined) source.faults.error(field.place, "best_of needs n.", hint);
  if (fields.score === undefined) source.faults.error(field.place, "best_of needs score.", hint);
  const n = source.integer(fields.n, "n", 1, MOST_CANDIDATES);
  const nothing = written === undefined || source.isEmptyList(written);
  if (nothing)
    source.faults.error(
      field.place,
      "best_of has nothing to choose from: the agent publishes nothing.",
      "Add publishes: [TYPE], or remove best_of.",
    );
  const open = types.length === 0;
  const score = readExpression(scope, fields.score, { what: "score", types, yields: "number", open });
  return n === undefined || score === undefined ? undefined : { n, score };
}
