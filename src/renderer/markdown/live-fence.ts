import { lineAt } from "./line-syntax.js";

interface OpenFence {
  readonly code: string;
  readonly language: string | undefined;
  readonly caret: boolean;
}

/** What to show of a fence that has not been closed: `source` starts with its opening line. */
export function openFence(source: string): OpenFence {
  const first = lineAt(source, 0);
  const opening = /^( {0,3})(`{3,}|~{3,})[ \t]*([^\s`]*)/.exec(first);
  const indent = opening?.[1]?.length ?? 0;
  const body = withoutClosing(source.slice(first.length), opening?.[2]?.[0] ?? "`");
  const code = indent === 0 ? body : body.replace(new RegExp(`^ {1,${indent}}`, "gm"), "");
  return { code, language: opening?.[3] || undefined, caret: true };
}

/** `body` without a last line that closes the fence, or is about to. */
function withoutClosing(body: string, marker: string): string {
  const from = body.lastIndexOf("\n") + 1;
  return new RegExp(`^ {0,3}${marker}+[ \\t]*\\r?$`).test(body.slice(from)) ? body.slice(0, from) : body;
}
