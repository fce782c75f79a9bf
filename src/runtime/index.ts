export { describeProviders, type ProviderDescription } from "../engines/index.js";
export { FlockFileError, type FlockFileFault, formatFault } from "../flockfile/index.js";
export type { FrameEncoder, Viewer, ViewerOptions, ViewerSink } from "../relay/types.js";
export { toArtifactMessage } from "./bridge.js";
export type { HistoryOptions, SessionHistory } from "./history.js";
export { type FlockSource, loadFlock } from "./load-flock.js";
export { REPLAY_SPEEDS, Replay, type ReplayState } from "./replay.js";
export { type Runtime, type RuntimeOptions, startRuntime } from "./runtime.js";
export { SERVER_NAME, VERSION } from "./version.js";
