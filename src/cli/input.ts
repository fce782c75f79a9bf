/** What `--publish` says: an artifact type and its payload. */
import { readFile } from "node:fs/promises";
import { fromUtf8 } from "../runtime/utf8.js";
import { UsageError } from "./arguments.js";

export interface InputArtifact {
  readonly type: string;
  readonly payload: unknown;
}

const EXAMPLE = `For example --publish 'Topic={"title":"Flight"}' or --publish Topic=@topic.json.`;

/** Reads `Type={json}` or `Type=@file.json`. Rejects with `UsageError`. */
export async function readInput(text: string): Promise<InputArtifact> {
  const separator = text.indexOf("=");
  const type = text.slice(0, separator).trim();
  if (separator < 1 || type === "") throw new UsageError(`--publish "${text}" names no type.`, EXAMPLE);
  const value = text.slice(separator + 1);
  if (!value.startsWith("@")) return { type, payload: parseJson(value, `The payload of ${type}`) };
  const file = value.slice(1);
  return { type, payload: parseJson(await readText(file), file) };
}

async function readText(file: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const reason = code === "ENOENT" ? "There is no such file" : `It cannot be read (${code})`;
    throw new UsageError(`--publish @${file}: ${reason}.`, "Check the path; it is relative to where you are.");
  }
  const text = fromUtf8(bytes);
  if (text === undefined) throw new UsageError(`--publish @${file}: It is not UTF-8.`, "Save the file as UTF-8.");
  return text;
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const shown = text.length <= 60 ? text : `${text.slice(0, 57)}...`;
    throw new UsageError(`${what} is not JSON: ${reason}. It reads: ${shown}`, EXAMPLE);
  }
}
