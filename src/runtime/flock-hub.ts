import { type Clock, type Flock, systemClock } from "../core/index.js";
import { Hub, type HubDescription, type HubOptions } from "../relay/index.js";
import type { CommandHandler } from "../relay/types.js";
import { bridgeEvent, toArtifactMessage } from "./bridge.js";
import { commandHandler } from "./commands.js";
import { describeFlock, type FlockTitle } from "./describe.js";

export interface FlockHubOptions extends FlockTitle {
  readonly clock?: Clock;
  readonly onLag?: HubOptions["onLag"];
  readonly recorder?: HubOptions["recorder"];
  /** A random id by default. */
  readonly epoch?: string;
}

/** A flock under watch: what happens in it goes to the hub, and viewers' commands come back through one door. */
export interface FlockHub {
  readonly hub: Hub;
  readonly handleCommand: CommandHandler;
  /** As it is now: agents and types may have been added since. */
  description(): HubDescription;
  /** Hears nothing more of the flock, flushes every viewer and closes them. The flock goes on. */
  close(): void;
}

/** Viewers see everything from now on, and the artifacts and workflows that are there already. */
export function connectHub(flock: Flock, options: FlockHubOptions): FlockHub {
  const description = () => describeFlock(flock, options);
  const handleCommand = commandHandler(flock);
  const hub = new Hub({
    clock: options.clock ?? systemClock,
    describe: description,
    onCommand: handleCommand,
    ...(options.onLag === undefined ? {} : { onLag: options.onLag }),
    ...(options.recorder === undefined ? {} : { recorder: options.recorder }),
    ...(options.epoch === undefined ? {} : { epoch: options.epoch }),
  });
  tellWhatWas(flock, hub);
  const stopListening = flock.on((event) => bridgeEvent(event, hub));
  return {
    hub,
    handleCommand,
    description,
    close() {
      stopListening();
      hub.shutdown();
    },
  };
}

/** Text that streamed before anyone could watch is not told; what came of it is. */
function tellWhatWas(flock: Flock, hub: Hub): void {
  const { workflows } = flock;
  for (const { correlationId, startedAt } of workflows)
    hub.emit({ type: "workflow_started", correlation_id: correlationId, timestamp: startedAt });
  for (const artifact of flock.board.list())
    hub.emit({ type: "artifact_published", artifact: toArtifactMessage(artifact) });
  for (const { correlationId, status, startedAt, duration } of workflows) {
    if (status === "running" || duration === undefined) continue;
    hub.emit({
      type: "workflow_finished",
      correlation_id: correlationId,
      status,
      duration,
      timestamp: Math.round(startedAt + duration * 1000),
    });
  }
}
