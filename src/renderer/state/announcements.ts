import type { StreamView, ViewState, WorkflowView } from "../../protocol/view-state.js";
import { count, plural, sentence, shortDuration } from "../ui/format.js";
import { shapeAmongAttempts } from "./attempts.js";

const ENDING = { completed: "is done", failed: "failed", cancelled: "was stopped" } as const;

/** One sentence for each stream that ended, or a count where many ended at once. */
export function announceStreams(view: ViewState, ended: readonly StreamView[]): string {
  const shapes = ended.map((stream) => shapeAmongAttempts(view, stream));
  if (ended.length > 3) {
    const counts = (["failed", "retried"] as const).map((word) => {
      const many = shapes.filter((shape) => shape === word).length;
      return many > 0 ? `, ${count(many)} ${word}` : "";
    });
    return `${plural(ended.length, "stream")} ended${counts.join("")}.`;
  }
  return ended
    .map((stream, at) => {
      if (stream.status === "live") return "";
      const what = shapes[at] === "retried" ? "is retried" : ENDING[stream.status];
      const reason = stream.error === null || stream.status !== "failed" ? "" : `: ${stream.error.message}`;
      return sentence(`${stream.started.agent_name} ${what} after ${plural(stream.length, "character")}${reason}`);
    })
    .join(" ");
}

export function announceWorkflow(view: ViewState, workflow: WorkflowView): string {
  if (workflow.status === "running") return "";
  const streams = [...view.streams.values()].filter((stream) => stream.started.correlation_id === workflow.id);
  const failed = streams.filter((stream) => shapeAmongAttempts(view, stream) === "failed").length;
  const took = workflow.duration === null ? "" : ` in ${shortDuration(workflow.duration * 1000)}`;
  const faults = failed === 0 ? "" : `, ${plural(failed, "failure")}`;
  return `The workflow ${ENDING[workflow.status]}${took}: ${plural(streams.length, "stream")}${faults}.`;
}
