import type { Artifact } from "../../core/artifact.js";
import type { EssaySubject } from "./essay-blocks.js";

const TITLE_KEYS = ["title", "topic", "subject", "headline", "name", "question"];

/** What the consumed artifacts are about: their title where they have one, and short strings worth quoting. */
export function subjectOf(artifacts: readonly Artifact[]): EssaySubject {
  const strings = artifacts.flatMap((artifact) => stringFields(artifact.payload));
  const titled = TITLE_KEYS.flatMap((key) => strings.filter((field) => field.key.toLowerCase() === key));
  const topic = (titled[0] ?? strings[0])?.value ?? artifacts[0]?.type ?? "the subject";
  const details = strings.map((field) => oneLine(field.value, 120)).filter((value) => value.includes(" "));
  const quotable = details.filter((value) => value !== oneLine(topic, 120));
  return { topic: oneLine(heading(topic), 60) || "the subject", details: quotable };
}

/** The first string of the artifacts' payloads, in the order of their fields; empty where there is none. */
export function firstString(artifacts: readonly Artifact[]): string {
  for (const artifact of artifacts) {
    const [first] = stringFields(artifact.payload);
    if (first !== undefined) return first.value;
  }
  return "";
}

interface StringField {
  readonly key: string;
  readonly value: string;
}

function stringFields(value: unknown, key = ""): StringField[] {
  if (typeof value === "string") return [{ key, value }];
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => stringFields(item, key));
  return Object.entries(value).flatMap(([name, field]) => stringFields(field, name));
}

function heading(text: string): string {
  const match = /^#{1,6}\s+([^\n]{1,200})$/m.exec(text.slice(0, 2000));
  return match?.[1] ?? text.slice(0, 2000);
}

function oneLine(text: string, most: number): string {
  const words = text
    .slice(0, 2000)
    .replace(/[`*_#>[\]|~<]/g, "")
    .replace(/\s+/g, " ")
    .trim();
  if (words.length <= most) return words;
  const cut = words.slice(0, most);
  return cut.slice(0, Math.max(cut.lastIndexOf(" "), 20)).replace(/[\s,;:.\ud800-\udbff]+$/, "");
}
