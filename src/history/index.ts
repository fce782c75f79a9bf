/** The store: one SQLite file a session, written behind what happens, and read back for replays and for REST. */
export type { Entry, EventEntry, HistoryWriter, SessionFacts, TextEntry } from "./entry.js";
export * from "./history-folder.js";
export { HistoryRecorder, type RecorderClock, type RecorderOptions } from "./recorder.js";
export { type EntryPage, type RecordedStream, Recording, RecordingError, type RecordingSummary } from "./recording.js";
export * from "./search.js";
export { ThreadWriter } from "./thread-writer.js";
