/** What is told of streams and runs that are over, on every kind of output. */
import type { RunView, StreamView, ViewState } from "../protocol/index.js";
import type { StatusKind } from "./terminal/status.js";
import { printable } from "./terminal/text-width.js";
import { plural, shortTime, tokens } from "./terminal/words.js";

export function kindOfStream(stream: StreamView): StatusKind {
  switch (stream.status) {
    case "live":
      return "running";
    case "completed":
      return "done";
    case "cancelled":
      return "stopped";
    default:
      return "failed";
  }
}

/** What went wrong with a stream, and what of it is missing. */
export function streamNotes(stream: StreamView): string[] {
  const notes: string[] = [];
  if (stream.lostUnits > 0) notes.push(`The first ${stream.lostUnits} characters are no longer retained.`);
  if (stream.error !== null && stream.status === "failed") notes.push(faultWords(stream.error));
  return notes;
}

export function faultWords(fault: { readonly code: string; readonly message: string }): string {
  return printable(`${fault.message} (${fault.code})`);
}

/** Runs that failed before they had anything to stream. */
export function silentFailures(state: ViewState): { readonly run: RunView; readonly words: string }[] {
  return [...state.runs.values()].flatMap((run) => {
    const fault = run.faults.at(-1);
    const told = run.streamIds.some((id) => state.streams.get(id)?.status === "failed");
    return run.status === "failed" && fault !== undefined && !told ? [{ run, words: faultWords(fault) }] : [];
  });
}

/** `12 runs completed, 1 failed in 45s, 7,300 tok`. */
export function summary(state: ViewState): string {
  const runs = [...state.runs.values()];
  const count = (status: RunView["status"]) => runs.filter((run) => run.status === status).length;
  const parts = [
    `${plural(count("completed"), "run")} completed`,
    ...(["failed", "cancelled"] as const)
      .map((status) => ({ status, n: count(status) }))
      .filter(({ n }) => n > 0)
      .map(({ status, n }) => `${n} ${status === "cancelled" ? "stopped" : status}`),
  ];
  const seconds = Math.max(0, ...[...state.workflows.values()].map((workflow) => workflow.duration ?? 0));
  const spent = runs.reduce((sum, run) => sum + (run.usage?.output_tokens ?? run.usage?.total_tokens ?? 0), 0);
  return `${parts.join(", ")} in ${shortTime(seconds)}${spent > 0 ? `, ${tokens(spent)}` : ""}`;
}
