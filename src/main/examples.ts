import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A flock file that comes with the app. */
export interface Example {
  readonly name: string;
  readonly path: string;
  readonly description: string;
}

export const DEFAULT_EXAMPLE = "newsroom.yaml";

function topLevel(lines: readonly string[], key: string): string | undefined {
  const value = lines.find((line) => line.startsWith(`${key}:`))?.slice(key.length + 1);
  return value?.trim().replace(/^(["'])(.*)\1$/, "$2") || undefined;
}

/** Only what a menu shows of a file. The file is not checked here: opening it does that. */
export function describeExample(path: string, text: string): Example {
  const lines = text.split("\n");
  return { name: topLevel(lines, "name") ?? path, path, description: topLevel(lines, "description") ?? "" };
}

/** The examples in a folder, the default one first. */
export function listExamples(folder: string): Example[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(".yaml") || file.endsWith(".yml"));
  files.sort((a, b) => Number(b === DEFAULT_EXAMPLE) - Number(a === DEFAULT_EXAMPLE) || a.localeCompare(b));
  return files.map((file) => describeExample(join(folder, file), readFileSync(join(folder, file), "utf8")));
}
