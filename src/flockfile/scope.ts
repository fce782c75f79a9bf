import { EXTERNAL } from "../core/artifact.js";
import type { ArtifactType } from "../core/artifact-type.js";
import type { McpServerDefinition } from "./definition.js";
import type { Place } from "./fault-list.js";
import type { ModelCheck } from "./model-name.js";
import type { Field, Source } from "./source.js";
import { closest, didYouMean } from "./suggest.js";

/** What the readers of a file's parts share. */
export interface Scope {
  readonly source: Source;
  /** Every declared type by name; undefined where its schema is faulty, so that its use is not a second fault. */
  readonly types: ReadonlyMap<string, ArtifactType | undefined>;
  /** The names of all agents. */
  readonly agentNames: ReadonlySet<string>;
  readonly mcpServers: ReadonlyMap<string, McpServerDefinition | undefined>;
  readonly providerNames: readonly string[];
  readonly checkModel: ModelCheck | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export function reportUnknownType(scope: Scope, place: Place, name: string): void {
  const others = scope.types.size === 0 ? "" : `, or choose from: ${[...scope.types.keys()].join(", ")}`;
  const otherwise = `Declare it under types:${others}.`;
  scope.source.faults.error(place, `There is no type "${name}".`, didYouMean(name, scope.types.keys(), otherwise));
}

/**
 * A list of declared types. An unknown one is a fault; the one that was probably meant stands in for it, so that one
 * slip does not look like several.
 */
export function readTypeNames(scope: Scope, items: readonly Field[], what: string): string[] {
  const names: string[] = [];
  for (const item of items) {
    const name = scope.source.text(item, `Each of ${what}`, "Write the name of a type.");
    if (name === undefined) continue;
    const meant = scope.types.has(name) ? name : closest(name, scope.types.keys());
    if (meant !== undefined) names.push(meant);
    if (meant !== name) reportUnknownType(scope, item.place, name);
  }
  return names;
}

/** A list of agents of this file. An unknown one is a fault; the list then counts as absent, so that it is no second one. */
export function readAgentNames(scope: Scope, field: Field | undefined, what: string): string[] | undefined {
  if (field === undefined) return undefined;
  const { source, agentNames } = scope;
  const items = source.items(field, what, `Write a list of agents: ${[...agentNames].join(", ")}.`);
  const names = items?.map((item) => {
    const name = source.text(item, `Each of ${what}`, "Write the name of an agent.");
    if (name === undefined || agentNames.has(name) || name === EXTERNAL) return name;
    source.faults.error(item.place, `There is no agent "${name}".`, didYouMean(name, agentNames));
    return undefined;
  });
  return names?.every((name) => name !== undefined) ? names : undefined;
}
