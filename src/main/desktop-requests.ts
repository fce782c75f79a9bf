/** The window's requests that are no part of the protocol: each is answered, none throws. */
import type { DesktopRequest, ErrorCode, RecordingInfo, Reply } from "../protocol/index.js";
import type { AttentionRequest } from "./attention.js";
import type { OpenResult } from "./flock-session.js";
import type { Steering } from "./replays.js";

export interface DesktopActions {
  /** Without a path the system's dialog asks; undefined when the user gave up. */
  openFile(path: string | undefined): Promise<OpenResult | undefined>;
  reloadFile(): Promise<OpenResult | undefined>;
  dismissRejected(): void;
  setKey(provider: string, key: string): Promise<void> | void;
  removeKey(provider: string): Promise<void> | void;
  startRemote(host: string, port: number, allowNetwork: boolean): Promise<void>;
  stopRemote(): Promise<void>;
  rotateTokens(): void;
  disconnectViewer(id: string): boolean;
  listRecordings(): Promise<readonly RecordingInfo[]>;
  deleteRecording(name: string): Promise<void>;
  setRecording(enabled: boolean): Promise<void>;
  startReplay(name: string): Promise<void>;
  steerReplay(steering: Steering): Promise<void>;
  stopReplay(): void;
  setNotifications(enabled: boolean): void;
  setAttention(request: AttentionRequest): void;
}

type Answer = Omit<Reply, "type" | "request_id">;

function refuse(code: ErrorCode, message: string): Answer {
  return { ok: false, error: { code, message } };
}

const done: Answer = { ok: true, result: {} };

function answerOpen(result: OpenResult | undefined): Answer {
  return { ok: true, result: { outcome: result ?? "cancelled" } };
}

export async function answerRequest(request: DesktopRequest, actions: DesktopActions): Promise<Answer> {
  try {
    return await carryOut(request, actions);
  } catch (error) {
    return refuse("invalid_request", error instanceof Error ? error.message : String(error));
  }
}

async function carryOut(request: DesktopRequest, actions: DesktopActions): Promise<Answer> {
  switch (request.method) {
    case "open_file":
      return answerOpen(await actions.openFile(request.path));
    case "reload_file":
      return answerOpen(await actions.reloadFile());
    case "dismiss_rejected":
      actions.dismissRejected();
      return done;
    case "set_key":
      await actions.setKey(request.provider, request.key);
      return done;
    case "remove_key":
      await actions.removeKey(request.provider);
      return done;
    case "start_remote":
      await actions.startRemote(request.host, request.port, request.allow_network === true);
      return done;
    case "stop_remote":
      await actions.stopRemote();
      return done;
    case "rotate_tokens":
      actions.rotateTokens();
      return done;
    case "disconnect_viewer":
      return actions.disconnectViewer(request.viewer_id)
        ? done
        : refuse("not_found", "That viewer is no longer connected.");
    case "list_recordings":
      return { ok: true, result: { recordings: await actions.listRecordings() } };
    case "delete_recording":
      await actions.deleteRecording(request.name);
      return done;
    case "set_recording":
      await actions.setRecording(request.enabled);
      return done;
    case "start_replay":
      await actions.startReplay(request.name);
      return done;
    case "steer_replay":
      await actions.steerReplay(request);
      return done;
    case "stop_replay":
      actions.stopReplay();
      return done;
    case "set_notifications":
      actions.setNotifications(request.enabled);
      return done;
    case "set_attention":
      actions.setAttention(request);
      return done;
  }
}
