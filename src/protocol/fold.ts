/**
 * The pure fold `messages → view state` that every viewer uses.
 *
 *     const state = createViewState();
 *     const changes = applyMessages(state, messages);      // any number of messages, as they arrived
 *     for (const id of changes.streams) show(state.streams.get(id));
 *     transport.send(attachMessage(state));                // first message of every connection
 *
 * - The maps of the state are mutated; each entry that changed is a new object, and its id is in `changes`. An entry is
 *   copied once per call, however many messages touch it. So: keep one atom per id, set those that `changes` names.
 * - `StreamView.text` is one shared buffer per stream. Remember its `end` and read `text.slice(end)` for what is new;
 *   when `text.generation` grew, start over. Never read the whole text per update.
 * - A chunk costs its own length. Events that were applied before are ignored, so replays are harmless.
 * - Every time is the server's clock.
 */
import { foldAgents, foldRunEvent } from "./fold-run.js";
import {
  handleStreamChunk,
  handleStreamComplete,
  handleStreamProgress,
  handleStreamReset,
  handleStreamStarted,
} from "./fold-stream.js";
import type { Attach, Hello, ServerMessage } from "./messages.js";
import { type Changes, createChanges, type ViewState } from "./view-state.js";

/** Applies messages in the order of their arrival and tells what changed. Pass `changes` to collect several calls. */
export function applyMessages(
  state: ViewState,
  messages: Iterable<ServerMessage>,
  changes: Changes = createChanges(),
): Changes {
  for (const message of messages) applyMessage(state, changes, message);
  return changes;
}

function applyMessage(state: ViewState, changes: Changes, message: ServerMessage): void {
  switch (message.type) {
    case "stream_chunk":
      handleStreamChunk(state, changes, message);
      resumeRun(state, changes, message.stream_id);
      return;
    case "stream_progress":
      handleStreamProgress(state, changes, message);
      resumeRun(state, changes, message.stream_id);
      return;
    case "stream_reset":
      handleStreamReset(state, changes, message);
      return;
    case "hello":
      applyHello(state, changes, message);
      return;
    case "reply":
      changes.replies.push(message);
      return;
    case "sync_complete":
      state.synced = true;
      // What lies before it and was not told has left the server's memory.
      state.lastSeq = Math.max(state.lastSeq, message.seq);
      changes.synced = true;
      return;
  }
  if (!("seq" in message)) return;
  // The end of a stream that the server no longer holds comes late, after newer events.
  if (message.type === "stream_complete") handleStreamComplete(state, changes, message);
  if (message.seq <= state.lastSeq) return;
  state.lastSeq = message.seq;
  switch (message.type) {
    case "stream_started":
      handleStreamStarted(state, changes, message);
      break;
    case "artifact_published":
      state.artifacts.set(message.artifact.id, { seq: message.seq, artifact: message.artifact });
      changes.artifacts.add(message.artifact.id);
      return;
    case "workflow_started":
      state.workflows.set(message.correlation_id, {
        id: message.correlation_id,
        status: "running",
        startedAt: message.timestamp,
        duration: null,
      });
      changes.workflows.add(message.correlation_id);
      return;
    case "workflow_finished": {
      const started = state.workflows.get(message.correlation_id);
      state.workflows.set(message.correlation_id, {
        id: message.correlation_id,
        status: message.status,
        startedAt: started?.startedAt ?? message.timestamp - message.duration * 1000,
        duration: message.duration,
      });
      changes.workflows.add(message.correlation_id);
      return;
    }
  }
  foldRunEvent(state, changes, message);
}

/** Text in a waiting run means that its wait is over. */
function resumeRun(state: ViewState, changes: Changes, streamId: string): void {
  const runId = state.streams.get(streamId)?.started.run_id;
  const run = runId === undefined ? undefined : state.runs.get(runId);
  if (run === undefined || run.waiting === null) return;
  state.runs.set(run.id, { ...run, status: run.status === "waiting" ? "running" : run.status, waiting: null });
  changes.runs.add(run.id);
}

function applyHello(state: ViewState, changes: Changes, hello: Hello): void {
  if (state.hello !== null && state.hello.epoch !== hello.epoch) {
    for (const map of [state.agents, state.workflows, state.runs, state.streams, state.artifacts]) map.clear();
    for (const ids of [changes.agents, changes.workflows, changes.runs, changes.streams, changes.artifacts])
      ids.clear();
    state.lastSeq = 0;
    changes.cleared = true;
  }
  state.hello = hello;
  state.synced = false;
  state.receivedChars = 0;
  changes.hello = true;
  foldAgents(state, changes, hello.agents);
}

/** So many cursors fit an inbound frame of 64 KiB with room to spare. */
const MAX_CURSORS = 600;

/** The `attach` that asks for exactly what this state lacks. Live streams are named first, then the newest finished. */
export function attachMessage(state: ViewState, options: { readonly acks?: boolean } = {}): Attach {
  const acks = options.acks === undefined ? {} : { acks: options.acks };
  if (state.hello === null) return { type: "attach", ...acks };
  const named = [...state.streams.values()].reverse();
  named.sort((a, b) => Number(b.status === "live") - Number(a.status === "live"));
  const cursors: Record<string, number> = {};
  for (const stream of named.slice(0, MAX_CURSORS)) cursors[stream.id] = stream.text.end;
  // A finished stream that lacks text is only sent again with the whole state.
  const incomplete = named.some((stream) => stream.needsAttach && stream.status !== "live");
  const since = incomplete ? {} : { since_seq: state.lastSeq };
  return { type: "attach", epoch: state.hello.epoch, cursors, ...since, ...acks };
}

/** Drops finished streams (say, after "clear finished"); a later replay does not bring them back. */
export function forgetStreams(state: ViewState, ids: Iterable<string>): void {
  for (const id of ids) if (state.streams.get(id)?.status !== "live") state.streams.delete(id);
}

/** Drops workflows that are over with all that belongs to them; a later replay does not bring them back. */
export function forgetWorkflows(state: ViewState, ids: Iterable<string>): void {
  const over = new Set([...ids].filter((id) => state.workflows.get(id)?.status !== "running"));
  for (const id of over) state.workflows.delete(id);
  deleteWhere(state.streams, ({ started }) => over.has(started.correlation_id));
  deleteWhere(state.runs, ({ activated }) => over.has(activated.correlation_id));
  deleteWhere(state.artifacts, ({ artifact }) => over.has(artifact.correlation_id));
}

function deleteWhere<T>(map: Map<string, T>, isGone: (value: T) => boolean): void {
  for (const [id, value] of map) if (isGone(value)) map.delete(id);
}
