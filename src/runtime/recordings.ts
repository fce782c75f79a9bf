/** Recordings, for those above: to list, to read, to delete. */
export {
  deleteRecording,
  type Entry,
  findArtifacts,
  findStreams,
  findWorkflows,
  historyFolder,
  type Items,
  isInUse,
  isRecordingName,
  type RecordedStream,
  Recording,
  RecordingError,
  type RecordingSummary,
  recordingNames,
} from "../history/index.js";
