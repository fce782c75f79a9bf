/** From a flock file's text to a definition, or every fault of it. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { type FlockDefinition, FlockFileError, type FlockFileFault, parseFlockFile } from "../flockfile/index.js";
import { checkModel } from "./check-model.js";

/** A flock file on disk, or its text with the name to show for it. */
export type FlockSource = { readonly path: string } | { readonly text: string; readonly name: string };

export interface LoadedFlock {
  readonly definition: FlockDefinition;
  readonly path: string | null;
  /** What is odd about the file, though it runs. */
  readonly warnings: readonly FlockFileFault[];
}

/** Rejects with `FlockFileError`, also where the file cannot be read. `strict` judges the file by itself alone. */
export async function loadFlock(
  source: FlockSource,
  options: { readonly strict?: boolean } = {},
): Promise<LoadedFlock> {
  const name = "path" in source ? source.path : source.name;
  const text = "path" in source ? await readText(source.path) : source.text;
  const { definition, faults } = parseFlockFile(text, { path: name, checkModel, strict: options.strict ?? false });
  if (definition === undefined) throw new FlockFileError(name, faults);
  return { definition, path: "path" in source ? path.resolve(source.path) : null, warnings: faults };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new FlockFileError(file, [unreadable(cause)]);
  }
}

function unreadable(cause: unknown): FlockFileFault {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const place = { line: 1, column: 1, severity: "error" } as const;
  if (code === "ENOENT") return { ...place, message: "There is no such file.", hint: "Check the path." };
  if (code === "EISDIR") return { ...place, message: "This is a folder.", hint: "Name a flock file in it." };
  if (code === "EACCES") return { ...place, message: "The file may not be read.", hint: "Check its permissions." };
  return { ...place, message: `The file cannot be read (${code || String(cause)}).`, hint: "" };
}
