/** What a person can set off, with the words that tell what became of it. */
import type { ArtifactMessage, CancelTarget } from "../../protocol/messages.js";
import { slotsAtom, workflowIdsAtom } from "./atoms.js";
import { arrangementAtom } from "./deck-atoms.js";
import {
  filterAtom,
  fullScreenAtom,
  layoutAtom,
  NO_FILTER,
  noticeAtom,
  type Publishable,
  type Unfinished,
  unfinishedAtom,
  viewAtom,
} from "./interface.js";
import { foldFinishedAtom, groupingAtom } from "./preferences.js";
import type { Session } from "./session.js";
import type { Slot } from "./slots.js";

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

/** Publishes, and brings the tiles of the new workflow into sight. Rejects with a `RequestError`. */
export function publish(session: Session, type: string, payload: unknown): Promise<void> {
  return publishTogether(session, [{ type, payload }]);
}

/** The first artifacts of several are in, and the next one was refused; what is left waits in `unfinishedAtom`. */
export class PartlyPublished extends Error {
  constructor({ artifacts, done }: Unfinished, cause: unknown) {
    const refused = artifacts[done]?.type ?? "";
    const stay = done === 1 ? "it stays" : "they stay";
    super(
      `${done} of ${artifacts.length} published; ${stay}. ${refused}: ${sentence(explain(cause))} The rest waits under Publish, for the same workflow.`,
    );
    this.name = "PartlyPublished";
  }
}

const sentence = (words: string) => (/[.!?]$/.test(words) ? words : `${words}.`);

/** Publishes several artifacts into one workflow, in their order. Rejects with a `RequestError` or `PartlyPublished`. */
export function publishTogether(session: Session, artifacts: readonly Publishable[]): Promise<void> {
  return publishFrom(session, artifacts, 0, undefined);
}

/** Publishes what `publishTogether` has left, and nothing twice. Rejects with `PartlyPublished`. */
export async function publishRest(session: Session): Promise<void> {
  const left = session.store.get(unfinishedAtom);
  if (left === null) return;
  const { workflowId, artifacts } = left;
  // One whose answer was lost with the connection may have gone in.
  const known = inputsOf(session, workflowId).length;
  await publishFrom(session, artifacts, Math.min(artifacts.length, Math.max(left.done, known)), workflowId);
}

async function publishFrom(
  session: Session,
  artifacts: readonly Publishable[],
  from: number,
  begun: string | undefined,
): Promise<void> {
  let workflow = begun;
  for (const [at, { type, payload, tags = [] }] of artifacts.entries()) {
    if (at < from) continue;
    try {
      const result = await session.request({
        type: "publish",
        artifact_type: type,
        payload,
        ...(tags.length > 0 ? { tags: [...tags] } : {}),
        ...(workflow === undefined ? {} : { correlation_id: workflow }),
      });
      if (workflow === undefined && typeof result.correlation_id === "string") workflow = result.correlation_id;
    } catch (error) {
      const epoch = session.view.hello?.epoch;
      if (workflow === undefined || epoch === undefined) throw error;
      const left = { workflowId: workflow, epoch, artifacts, done: at };
      session.store.set(unfinishedAtom, left);
      throw new PartlyPublished(left, error);
    }
  }
  if (begun !== undefined) session.store.set(unfinishedAtom, null);
  if (workflow !== undefined) revealWorkflow(session, workflow);
}

/** What came into a workflow from outside, in its order. */
function inputsOf({ view }: Session, workflowId: string): readonly ArtifactMessage[] {
  return [...view.artifacts.values()]
    .map(({ artifact }) => artifact)
    .filter((artifact) => artifact.correlation_id === workflowId && artifact.produced_by === "external");
}

/** Frames to wait for a tile that is about to be drawn. */
const PATIENCE_FRAMES = 90;

function revealWorkflow(session: Session, workflowId: string): void {
  const { store } = session;
  store.set(viewAtom, "deck");
  const look = (frames: number) => {
    if (store.get(viewAtom) !== "deck" || frames === 0) return;
    const { groups } = store.get(arrangementAtom);
    const ofWorkflow = (slot: Slot) => slot.workflowId === workflowId;
    const places = store.get(workflowIdsAtom).includes(workflowId) ? store.get(slotsAtom(workflowId)) : [];
    if (places.length > 0 && !groups.some(({ slots, folded }) => slots.some(ofWorkflow) || folded.some(ofWorkflow))) {
      const { hidden } = store.get(layoutAtom);
      if (places.some(({ key }) => !hidden.includes(key)))
        say(session, "Published. The filter leaves the new tiles out.");
      return;
    }
    const tile = document.querySelector(`.stream-tile[data-workflow-id="${CSS.escape(workflowId)}"]`);
    if (tile === null) requestAnimationFrame(() => look(frames - 1));
    else {
      const group = store.get(groupingAtom) === "workflow" ? tile.closest(".deck-group") : null;
      (group ?? tile).scrollIntoView({ block: "start" });
    }
  };
  requestAnimationFrame(() => look(PATIENCE_FRAMES));
}

/** Publishes again all that came into this workflow from outside: a new workflow with the same input. */
export async function runAgain(session: Session, workflowId: string): Promise<void> {
  const inputs = inputsOf(session, workflowId);
  if (inputs.length === 0) {
    say(session, "What this began with is no longer known. Publish it anew.", true);
    return;
  }
  try {
    await publishTogether(session, inputs);
    say(session, `Published ${inputs.map(({ type }) => type).join(", ")} again.`);
  } catch (error) {
    const words = explain(error);
    say(session, error instanceof PartlyPublished ? words : `Could not publish: ${words}`, true);
  }
}

/**
 * Brings a tile to the front of the reader's eye: the deck, scrolled to it, focused. What keeps it from being shown, and
 * only that, is undone; a stream that has no tile fills the screen.
 */
export function goToStream(session: Session, streamId: string): void {
  const { store, view } = session;
  const workflowId = view.streams.get(streamId)?.started.correlation_id;
  if (workflowId === undefined) return;
  store.set(viewAtom, "deck");
  store.set(fullScreenAtom, null);
  const isIt = (slot: Slot) => slot.streamId === streamId;
  const slot = store.get(slotsAtom(workflowId)).find(isIt);
  if (slot === undefined) {
    store.set(fullScreenAtom, streamId);
    return;
  }
  if (store.get(layoutAtom).hidden.includes(slot.key)) {
    store.set(layoutAtom, (layout) => ({ ...layout, hidden: layout.hidden.filter((key) => key !== slot.key) }));
  }
  const isIn = (part: "slots" | "folded") => store.get(arrangementAtom).groups.some((group) => group[part].some(isIt));
  if (!isIn("slots") && !isIn("folded")) store.set(filterAtom, NO_FILTER);
  if (isIn("folded")) store.set(foldFinishedAtom, false);
  const focus = (frames: number) => {
    const tile = document.querySelector<HTMLElement>(`.stream-tile[data-stream-id="${CSS.escape(streamId)}"]`);
    if (tile === null && frames > 0) requestAnimationFrame(() => focus(frames - 1));
    tile?.scrollIntoView({ block: "nearest" });
    tile?.focus();
  };
  requestAnimationFrame(() => focus(PATIENCE_FRAMES));
}
