/** The recording of one runtime's session. */
import { join } from "node:path";
import type { Clock } from "../core/index.js";
import { HistoryRecorder, Recording, recordingName, type SessionFacts, ThreadWriter } from "../history/index.js";
import type { Hello } from "../protocol/index.js";
import type { HubRecorder } from "../relay/types.js";

export interface HistoryOptions {
  /** Made where it is missing. */
  readonly folder: string;
  /** The built `writer-thread`. */
  readonly writerScript: string;
  /** Told once, in words for people, when nothing more can be recorded; the flock goes on. */
  readonly onFault: (message: string) => void;
}

export interface SessionHistory {
  /** The recording; the file is there from the first event on. */
  readonly file: string;
  readonly recorder: HubRecorder;
  /** False once it was closed, or could not be written. */
  readonly isRecording: boolean;
  /** Resolves when all that has happened so far is in the file, or cannot be. */
  flush(): Promise<void>;
  /** To read everything that has happened so far; null where nothing could be recorded. The caller closes it. */
  read(): Promise<Recording | null>;
  /** Writes the rest. */
  close(): Promise<void>;
}

interface Session extends Pick<SessionFacts, "epoch" | "flock" | "path"> {
  readonly clock: Clock;
  readonly hello: () => Hello;
}

export function startHistory(options: HistoryOptions, session: Session): SessionHistory {
  const { clock, epoch, flock, path } = session;
  const { folder, writerScript, onFault } = options;
  const startedAt = clock.now();
  const file = join(folder, recordingName(flock, startedAt, epoch));
  const facts = (): SessionFacts => {
    const hello = JSON.stringify(session.hello());
    return { epoch, flock, path, started_at: startedAt, ended_at: null, pid: process.pid, hello };
  };
  const recorder = new HistoryRecorder({
    writer: new ThreadWriter(writerScript, file),
    clock,
    facts,
    onFault: (error) =>
      onFault(`This session is not recorded in ${folder}: ${error.message}. FLOCKDECK_HISTORY names another folder.`),
  });
  return {
    file,
    recorder,
    get isRecording() {
      return !recorder.isOver;
    },
    flush: () => recorder.flush(),
    async read() {
      await recorder.flush();
      return Recording.open(file).catch(() => null);
    },
    close: () => recorder.close(),
  };
}
