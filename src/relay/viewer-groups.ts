import type { HubCounters } from "./counters.js";
import type { FlushPlan } from "./flush-plan.js";
import type { HubViewer } from "./hub-viewer.js";
import type { FrameEncoder } from "./types.js";

interface Group {
  readonly encoder: FrameEncoder<unknown>;
  readonly focus: ReadonlySet<string> | null;
  readonly members: Set<HubViewer>;
  /** What all or most of its members were given last. */
  previous: readonly unknown[];
}

interface Encoded {
  readonly frames: readonly unknown[];
  readonly units: number;
}

const NOTHING: Encoded = { frames: [], units: 0 };

/** The viewers in step, by codec and focus: a group's members get the very same frames. */
export class ViewerGroups {
  readonly #groups = new Map<string, Group>();
  readonly #keys = new Map<HubViewer, string>();
  #observers = 0;

  get size(): number {
    return this.#keys.size;
  }

  /** Those that are not the program itself. */
  get watching(): number {
    return this.#keys.size - this.#observers;
  }

  /** Whether any viewer in step follows only some streams. */
  get anyFocused(): boolean {
    for (const group of this.#groups.values()) if (group.focus !== null) return true;
    return false;
  }

  members(): HubViewer[] {
    return [...this.#keys.keys()];
  }

  notReady(): HubViewer[] {
    const found: HubViewer[] = [];
    for (const viewer of this.#keys.keys()) if (!viewer.ready) found.push(viewer);
    return found;
  }

  add(viewer: HubViewer): void {
    const { encoder } = viewer.sink;
    const key = `${encoder.id} ${viewer.focus === null ? "*" : JSON.stringify([...viewer.focus].sort())}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { encoder, focus: viewer.focus, members: new Set(), previous: [] };
      this.#groups.set(key, group);
    }
    group.members.add(viewer);
    if (viewer.isObserver && !this.#keys.has(viewer)) this.#observers += 1;
    this.#keys.set(viewer, key);
  }

  delete(viewer: HubViewer): void {
    const key = this.#keys.get(viewer);
    if (key === undefined) return;
    this.#keys.delete(viewer);
    if (viewer.isObserver) this.#observers -= 1;
    const group = this.#groups.get(key);
    group?.members.delete(viewer);
    if (group?.members.size === 0) this.#groups.delete(key);
  }

  /** One encoding a group, one send a member. A sink that throws is given to `onFault`, and harms no other. */
  send(plan: FlushPlan, counters: HubCounters, onFault: (viewer: HubViewer) => void): void {
    for (const group of this.#groups.values()) {
      let shared: Encoded | null = null;
      let whole: Encoded | null = null;
      for (const viewer of group.members) {
        const missesText = plan.ended.length > 0 && plan.ended.some((stream) => viewer.partial.has(stream.id));
        let encoded: Encoded;
        try {
          if (missesText) encoded = whole ??= encode(group, plan, false, counters);
          else encoded = shared ??= encode(group, plan, group.encoder.mayOmitFullContent, counters);
          for (const frame of encoded.frames) viewer.sink.send(frame);
        } catch {
          onFault(viewer);
          continue;
        }
        viewer.countSent(encoded.units);
        counters.framesSent += encoded.frames.length;
        counters.unitsSent += encoded.units;
        if (plan.started.length + plan.ended.length + plan.reset.length > 0) moveCursors(viewer, plan);
      }
      const { frames } = shared ?? whole ?? NOTHING;
      if (frames.length > 0) group.previous = frames;
    }
  }
}

function encode(group: Group, plan: FlushPlan, omitContent: boolean, counters: HubCounters): Encoded {
  const { messages, units } = plan.messages(group.focus, omitContent);
  if (messages.length === 0) return NOTHING;
  counters.liveEncodes[group.encoder.id] = (counters.liveEncodes[group.encoder.id] ?? 0) + 1;
  return { frames: group.encoder.encode(messages, group.previous), units };
}

function moveCursors(viewer: HubViewer, plan: FlushPlan): void {
  if (viewer.focus !== null) for (const { id } of plan.started) if (!viewer.follows(id)) viewer.held.set(id, 0);
  for (const { id } of plan.reset) viewer.partial.add(id);
  for (const { id } of plan.ended) {
    viewer.held.delete(id);
    viewer.partial.delete(id);
  }
}
