/** The recordings of this user, and the one that is being replayed in the window. */
import { join } from "node:path";
import type { DesktopState, RecordingInfo } from "../protocol/index.js";
import { Replay } from "../runtime/index.js";
import {
  deleteRecording,
  isInUse,
  isRecordingName,
  Recording,
  RecordingError,
  type RecordingSummary,
  recordingNames,
} from "../runtime/recordings.js";
import type { ViewerHub } from "./ipc-transport.js";

export interface ReplaysOptions {
  /** Null where nothing is recorded. */
  readonly folder: string | null;
  /** Brings what has happened so far into the open flock's recording. */
  readonly flush: () => Promise<void>;
  /** What the window shall watch from now on; null for the open flock. */
  readonly onWatch: (hub: ViewerHub | null) => void;
  readonly onChange: () => void;
}

export interface Steering {
  readonly playing?: boolean | undefined;
  readonly speed?: number | undefined;
  /** Milliseconds since 1970, in the recording's time. */
  readonly at?: number | undefined;
}

export class Replays {
  readonly folder: string | null;
  readonly #options: ReplaysOptions;
  #current: { readonly name: string; readonly replay: Replay } | undefined;

  constructor(options: ReplaysOptions) {
    this.#options = options;
    this.folder = options.folder;
  }

  get hub(): ViewerHub | undefined {
    return this.#current?.replay.hub;
  }

  get state(): DesktopState["replay"] {
    if (this.#current === undefined) return null;
    const { name, replay } = this.#current;
    const { from, to, at, speed, isPlaying } = replay.state;
    return { name, flock: replay.summary.flock, from, to, at, speed, playing: isPlaying };
  }

  /** Newest first. What cannot be read is told with its fault, so that it can be deleted. */
  async list(): Promise<RecordingInfo[]> {
    const { folder } = this;
    if (folder === null) return [];
    await this.#options.flush();
    const infos: RecordingInfo[] = [];
    for (const name of recordingNames(folder)) {
      infos.push(await inspect(folder, name));
      // One may take some milliseconds, and the streams that run are not to wait for all of them.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return infos;
  }

  /** Rejects, in words for people. */
  async start(name: string): Promise<void> {
    const file = this.#fileOf(name);
    const { onChange, onWatch } = this.#options;
    const replay: Replay = await Replay.open(file, {
      onHub: (hub) => this.#current?.replay === replay && onWatch(hub),
      onChange,
    });
    const before = this.#current;
    this.#current = { name, replay };
    onWatch(replay.hub);
    // Not earlier: it closes whoever still watches it.
    before?.replay.close();
    await replay.play();
  }

  async steer({ playing, speed, at }: Steering): Promise<void> {
    const replay = this.#current?.replay;
    if (replay === undefined) throw new Error("Nothing is being replayed.");
    if (speed !== undefined) replay.setSpeed(speed);
    if (at !== undefined) await replay.seek(at);
    if (playing === true) await replay.play();
    if (playing === false) replay.pause();
  }

  stop(): void {
    const current = this.#current;
    if (current === undefined) return;
    this.#current = undefined;
    this.#options.onWatch(null);
    current.replay.close();
    this.#options.onChange();
  }

  /** Rejects, in words for people, for one that is being replayed or recorded. */
  async delete(name: string): Promise<void> {
    const file = this.#fileOf(name);
    if (this.#current?.name === name) throw new Error("It is being replayed. Leave the replay first.");
    const info = await inspect(this.folder ?? "", name);
    if (info.recording) throw new Error("It is still being recorded.");
    deleteRecording(join(file, ".."), name);
  }

  #fileOf(name: string): string {
    if (this.folder === null) throw new Error("Nothing is recorded: FLOCKDECK_HISTORY is off.");
    if (!isRecordingName(name) || !recordingNames(this.folder).includes(name))
      throw new Error("There is no such recording any more.");
    return join(this.folder, name);
  }
}

async function inspect(folder: string, name: string): Promise<RecordingInfo> {
  try {
    const recording = await Recording.open(join(folder, name));
    try {
      return { name, fault: null, ...infoOf(recording.summary(), isInUse(folder, name)) };
    } finally {
      recording.close();
    }
  } catch (error) {
    const fault = error instanceof RecordingError ? error.message : String(error);
    return { name, fault, flock: name, started_at: 0, ended_at: null, recording: false, ...NOTHING };
  }
}

const NOTHING = { workflows: 0, streams: 0, units: 0, bytes: 0 };

function infoOf(summary: RecordingSummary, mayGoOn: boolean): Omit<RecordingInfo, "name" | "fault"> {
  const { flock, started_at, ended_at, workflows, streams, units, bytes, last_at, pid } = summary;
  const recording = ended_at === null && mayGoOn && isAlive(pid);
  return {
    flock,
    started_at,
    ended_at: ended_at ?? (recording ? null : last_at),
    recording,
    workflows,
    streams,
    units,
    bytes,
  };
}

/** A process of that id; after a crash it may be another one by now, and the recording looks as if it went on. */
function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
