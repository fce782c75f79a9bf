/** What a person can set off, with the words that tell what became of it. */
import type { CancelTarget } from "../../protocol/messages.js";
import { filterAtom, fullScreenAtom, NO_FILTER, noticeAtom, viewAtom } from "./interface.js";
import type { Session } from "./session.js";

export function say(session: Session, text: string, failed = false): void {
  session.store.set(noticeAtom, { text, failed });
}

export function explain(error: unknown): string {
  return error instanceof Error ? error.message : "It did not work.";
}

export async function cancel(session: Session, target: CancelTarget): Promise<void> {
  try {
    await session.request({ type: "cancel", ...target });
  } catch (error) {
    say(session, `Could not stop it: ${explain(error)}`, true);
  }
}

/** Stops every workflow that runs. */
export async function stopAll(session: Session): Promise<void> {
  const running = [...session.view.workflows.values()].filter((workflow) => workflow.status === "running");
  await Promise.all(running.map((workflow) => cancel(session, { correlation_id: workflow.id })));
}

export interface Publishable {
  readonly type: string;
  readonly payload: unknown;
  readonly tags?: readonly string[];
}

/** Publishes, and brings the tiles of the new workflow into sight. Rejects with a `RequestError`. */
export function publish(session: Session, type: string, payload: unknown): Promise<void> {
  return publishTogether(session, [{ type, payload }]);
}

/** Publishes several artifacts into one workflow, in their order. Rejects with a `RequestError`. */
export async function publishTogether(session: Session, artifacts: readonly Publishable[]): Promise<void> {
  let workflow: string | undefined;
  for (const { type, payload, tags = [] } of artifacts) {
    const result = await session.request({
      type: "publish",
      artifact_type: type,
      payload,
      ...(tags.length > 0 ? { tags: [...tags] } : {}),
      ...(workflow === undefined ? {} : { correlation_id: workflow }),
    });
    if (workflow === undefined && typeof result.correlation_id === "string") workflow = result.correlation_id;
  }
  if (workflow !== undefined) revealWorkflow(session, workflow);
}

/** Frames to wait for the first tile of a workflow that was just published. */
const PATIENCE_FRAMES = 90;

function revealWorkflow(session: Session, workflowId: string, frames = PATIENCE_FRAMES): void {
  session.store.set(viewAtom, "deck");
  const tile = document.querySelector(`[data-workflow-id="${CSS.escape(workflowId)}"]`);
  if (tile !== null) (tile.closest(".deck-group") ?? tile).scrollIntoView({ block: "start" });
  else if (frames > 0) requestAnimationFrame(() => revealWorkflow(session, workflowId, frames - 1));
}

/** Publishes again all that came into this workflow from outside: a new workflow with the same input. */
export async function runAgain(session: Session, workflowId: string): Promise<void> {
  const inputs = [...session.view.artifacts.values()]
    .map(({ artifact }) => artifact)
    .filter((artifact) => artifact.correlation_id === workflowId && artifact.produced_by === "external");
  if (inputs.length === 0) {
    say(session, "What this began with is no longer known. Publish it anew.", true);
    return;
  }
  try {
    await publishTogether(session, inputs);
    say(session, `Published ${inputs.map(({ type }) => type).join(", ")} again.`);
  } catch (error) {
    say(session, `Could not publish: ${explain(error)}`, true);
  }
}

/** Brings a tile to the front of the reader's eye: the deck, scrolled to it, focused. */
export function goToStream(session: Session, streamId: string): void {
  const { store } = session;
  store.set(viewAtom, "deck");
  store.set(fullScreenAtom, null);
  const focus = () => {
    const tile = document.querySelector<HTMLElement>(
      `[data-testid="stream-tile"][data-stream-id="${CSS.escape(streamId)}"]`,
    );
    tile?.scrollIntoView({ block: "nearest" });
    tile?.focus();
    return tile !== null;
  };
  requestAnimationFrame(() => {
    if (focus()) return;
    store.set(filterAtom, NO_FILTER);
    requestAnimationFrame(focus);
  });
}
