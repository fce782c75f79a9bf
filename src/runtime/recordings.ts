/** Recordings, for those above: to list, to read, to delete. */
export {
  deleteRecording,
  type Entry,
  type Found,
  findArtifacts,
  findStreams,
  findWorkflows,
  historyFolder,
  isRecordingName,
  type RecordedStream,
  Recording,
  RecordingError,
  type RecordingSummary,
  recordingNames,
} from "../history/index.js";
