import type { ElementContent, Root } from "hast";
import { LINES_PER_SPAN } from "./code-lines.js";

/** Text of one colour. */
export interface Segment {
  readonly text: string;
  readonly className: string | undefined;
}

/** Longer code stays plain: highlighting it would hold the page for longer than a frame. */
const MAX_LENGTH = 16_000;

type Lowlight = ReturnType<typeof import("lowlight").createLowlight>;
let lowlight: Promise<Lowlight> | undefined;

async function load(): Promise<Lowlight> {
  const { common, createLowlight } = await import("lowlight");
  return createLowlight(common);
}

/** Whether `highlight` may colour this; the language may still turn out to be unknown. */
export function canHighlight(code: string, language: string | undefined): language is string {
  return language !== undefined && code.length <= MAX_LENGTH;
}

/**
 * Colours `code` when the page is next idle, one block at a time, and calls `done` with a list of segments for every
 * `LINES_PER_SPAN` lines; not at all where the language is unknown. Returns what cancels it.
 */
export function highlightWhenIdle(
  code: string,
  language: string,
  done: (parts: readonly (readonly Segment[])[]) => void,
): () => void {
  let cancelled = false;
  lowlight ??= load();
  void lowlight.then((highlighter) => {
    if (cancelled || !highlighter.registered(language)) return;
    enqueue(() => {
      if (!cancelled) done(splitSegments(segmentsOf(highlighter.highlight(language, code))));
    });
  });
  return () => {
    cancelled = true;
  };
}

const queue: (() => void)[] = [];

function enqueue(task: () => void): void {
  queue.push(task);
  if (queue.length === 1) whenIdle(runNext);
}

function runNext(): void {
  queue[0]?.();
  queue.shift();
  if (queue.length > 0) whenIdle(runNext);
}

function whenIdle(callback: () => void): void {
  if (typeof requestIdleCallback === "function") requestIdleCallback(callback, { timeout: 2_000 });
  else setTimeout(callback, 0);
}

function segmentsOf(tree: Root): Segment[] {
  const segments: Segment[] = [];
  const visit = (node: Root["children"][number] | ElementContent, classes: string): void => {
    if (node.type === "text") segments.push({ text: node.value, className: classes || undefined });
    if (node.type !== "element") return;
    const own = node.properties.className;
    const joined = Array.isArray(own) ? `${classes} ${own.join(" ")}`.trim() : classes;
    for (const child of node.children) visit(child, joined);
  };
  for (const node of tree.children) visit(node, "");
  return segments;
}

/** `segments` in parts of `LINES_PER_SPAN` lines, line feeds kept, as `splitCode` cuts the plain text. */
export function splitSegments(segments: readonly Segment[]): Segment[][] {
  const parts: Segment[][] = [[]];
  let lines = 0;
  for (const { text, className } of segments) {
    let from = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", end + 1)) {
      lines += 1;
      if (lines % LINES_PER_SPAN !== 0) continue;
      parts.at(-1)?.push({ text: text.slice(from, end + 1), className });
      parts.push([]);
      from = end + 1;
    }
    if (from < text.length) parts.at(-1)?.push({ text: text.slice(from), className });
  }
  return parts;
}
