/** Keeps the places of tiles, workflow by workflow, and tells their atoms. */
import type { createStore } from "jotai/vanilla";
import type { Changes, StreamView, ViewState } from "../../protocol/view-state.js";
import { slotsAtom, workflowIdsAtom } from "./atoms.js";
import { reachableAgents, releaseSlots, reserveSlots, type Slot, takeSlot } from "./slots.js";

export class TilePlaces {
  readonly #store: ReturnType<typeof createStore>;
  readonly #slots = new Map<string, readonly Slot[]>();

  constructor(store: ReturnType<typeof createStore>) {
    this.#store = store;
  }

  /** The places of every workflow. */
  all(): Iterable<readonly Slot[]> {
    return this.#slots.values();
  }

  clear(): void {
    for (const id of [...slotsAtom.getParams()]) slotsAtom.remove(id);
    this.#slots.clear();
    this.#store.set(workflowIdsAtom, []);
  }

  /** Gives up the places of these streams, and workflows that have none left and do not run. */
  drop(gone: ReadonlySet<string>, isRunning: (workflowId: string) => boolean): void {
    for (const [workflowId, slots] of this.#slots) {
      const running = isRunning(workflowId);
      const left = slots.filter((slot) => (slot.streamId === null ? running : !gone.has(slot.streamId)));
      if (left.length === 0 && !running) {
        this.#slots.delete(workflowId);
        slotsAtom.remove(workflowId);
      } else this.#set(workflowId, left);
    }
    this.#store.set(workflowIdsAtom, [...this.#slots.keys()]);
  }

  /** Finds a place for what just came: workflows, their agents, streams. */
  place(view: ViewState, changes: Changes, streams: readonly StreamView[]): void {
    const known = this.#slots.size;
    const agents = view.hello?.agents ?? [];
    for (const id of changes.workflows) if (!this.#slots.has(id)) this.#set(id, []);
    const touched = new Map<string, Set<string>>();
    for (const id of changes.artifacts) {
      const artifact = view.artifacts.get(id)?.artifact;
      if (artifact === undefined || view.agents.has(artifact.produced_by)) continue;
      const types = touched.get(artifact.correlation_id) ?? new Set();
      touched.set(artifact.correlation_id, types.add(artifact.type));
    }
    for (const [workflowId, types] of touched) {
      // A replay tells in one go what began and how it ended: the places are those that were seen at the time.
      if (!view.workflows.has(workflowId)) continue;
      this.#set(
        workflowId,
        reserveSlots(this.#slots.get(workflowId) ?? [], workflowId, reachableAgents(agents, types)),
      );
    }
    for (const { id, started } of streams) {
      const workflowId = started.correlation_id;
      this.#set(workflowId, takeSlot(this.#slots.get(workflowId) ?? [], workflowId, started.agent_name, id));
    }
    for (const id of new Set([...changes.workflows, ...touched.keys()])) {
      if (view.workflows.get(id)?.status === "completed") this.#set(id, releaseSlots(this.#slots.get(id) ?? []));
    }
    if (this.#slots.size !== known || changes.cleared) this.#store.set(workflowIdsAtom, [...this.#slots.keys()]);
  }

  #set(workflowId: string, slots: readonly Slot[]): void {
    if (this.#slots.get(workflowId) === slots) return;
    this.#slots.set(workflowId, slots);
    this.#store.set(slotsAtom(workflowId), slots);
  }
}
