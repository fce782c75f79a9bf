import type { StreamView, ViewState, WorkflowView } from "../../protocol/view-state.js";
import { count, plural, shortDuration } from "../ui/format.js";
import { hasFailed } from "./attempts.js";

const ENDING = { completed: "is done", failed: "failed", cancelled: "was stopped" } as const;

/** One sentence for each stream that ended, or a count where many ended at once. */
export function announceStreams(ended: readonly StreamView[]): string {
  if (ended.length > 3) {
    const failed = ended.filter((stream) => stream.status === "failed").length;
    return `${plural(ended.length, "stream")} ended${failed > 0 ? `, ${count(failed)} failed` : ""}.`;
  }
  return ended
    .map((stream) => {
      if (stream.status === "live") return "";
      const reason = stream.error === null || stream.status !== "failed" ? "" : `: ${stream.error.message}`;
      return `${stream.started.agent_name} ${ENDING[stream.status]} after ${count(stream.length)} characters${reason}.`;
    })
    .join(" ");
}

export function announceWorkflow(view: ViewState, workflow: WorkflowView): string {
  if (workflow.status === "running") return "";
  const streams = [...view.streams.values()].filter((stream) => stream.started.correlation_id === workflow.id);
  const failed = streams.filter((stream) => hasFailed(view, stream)).length;
  const took = workflow.duration === null ? "" : ` in ${shortDuration(workflow.duration * 1000)}`;
  const faults = failed === 0 ? "" : `, ${plural(failed, "failure")}`;
  return `The workflow ${ENDING[workflow.status]}${took}: ${plural(streams.length, "stream")}${faults}.`;
}
