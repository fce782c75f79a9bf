/** From a flock file's text to a definition, or every fault of it. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import {
  type FlockDefinition,
  FlockFileError,
  type FlockFileFault,
  type ParseFlockFileOptions,
  parseFlockFile,
} from "../flockfile/index.js";
import { checkModel } from "./check-model.js";
import { fromUtf8 } from "./utf8.js";

/** A flock file on disk, or its text with the name to show for it. */
export type FlockSource = { readonly path: string } | { readonly text: string; readonly name: string };

export interface LoadedFlock {
  readonly definition: FlockDefinition;
  readonly path: string | null;
  /** What is odd about the file, though it runs. */
  readonly warnings: readonly FlockFileFault[];
}

export type LoadFlockOptions = Pick<ParseFlockFileOptions, "input" | "strict">;

/** Rejects with `FlockFileError`, also where the file cannot be read. */
export async function loadFlock(source: FlockSource, options: LoadFlockOptions = {}): Promise<LoadedFlock> {
  const name = "path" in source ? source.path : source.name;
  const text = "path" in source ? await readText(source.path) : source.text;
  const { definition, faults } = parseFlockFile(text, { ...options, path: name, checkModel });
  if (definition === undefined) throw new FlockFileError(name, faults);
  return { definition, path: "path" in source ? path.resolve(source.path) : null, warnings: faults };
}

async function readText(file: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw new FlockFileError(file, [unreadable(cause)]);
  }
  const text = fromUtf8(bytes);
  if (text === undefined) throw new FlockFileError(file, [notUtf8(bytes)]);
  return text;
}

/** Where the first byte is that does not belong. */
function notUtf8(bytes: Uint8Array): FlockFileFault {
  const lines = (new TextDecoder().decode(bytes).split("\ufffd", 1)[0] ?? "").split("\n");
  return {
    line: lines.length,
    column: (lines.at(-1)?.length ?? 0) + 1,
    severity: "error",
    message: "This is not UTF-8.",
    hint: "Save the file as UTF-8.",
  };
}

function unreadable(cause: unknown): FlockFileFault {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const place = { line: 1, column: 1, severity: "error" } as const;
  if (code === "ENOENT") return { ...place, message: "There is no such file.", hint: "Check the path." };
  if (code === "EISDIR") return { ...place, message: "This is a folder.", hint: "Name a flock file in it." };
  if (code === "EACCES") return { ...place, message: "The file may not be read.", hint: "Check its permissions." };
  return { ...place, message: `The file cannot be read (${code || String(cause)}).`, hint: "" };
}
