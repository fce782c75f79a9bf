/** Every number that bounds the relay. Those that PROTOCOL.md names are told in `hello.limits`. */

/** Retained text of one stream, in UTF-16 units. */
export const RETAINED_UNITS = 102_400;

export const FLUSH_INTERVAL_MS = 50;

/** Inbound frames of a viewer; the carriers enforce it. */
export const MAX_FRAME_BYTES = 65_536;

/** A viewer whose carrier holds more than this is not ready. */
export const MAX_BUFFERED_BYTES = 1024 * 1024;

/** A viewer that acknowledges is not ready while more units than this are outstanding. */
export const MAX_UNACKNOWLEDGED_UNITS = 1_000_000;

export const ATTACH_TIMEOUT_MS = 10_000;

/** A viewer that attaches again on the same connection gets its next replay after this time at the earliest. */
export const REATTACH_MS = 1_000;

/** A viewer that is held back for this long without any acknowledgement is closed, and may attach again. */
export const ACK_TIMEOUT_MS = 60_000;

/** How long a completed stream's text is kept. */
export const COMPLETED_RETENTION_MS = 5 * 60_000;

/** Beyond this many completed streams the oldest leave early. */
export const MAX_COMPLETED_STREAMS = 2_000;

/** Events kept for viewers that come back. */
export const MAX_EVENTS = 10_000;

/** Entries of the rebuilt state (workflows, runs, artifacts): the oldest finished ones leave first. */
export const MAX_STATE_EVENTS = 20_000;

/** Text of all artifact payloads kept, in UTF-16 units of their JSON. */
export const MAX_PAYLOAD_UNITS = 32 * 1024 * 1024;

/** Progress of streams outside a viewer's focus is told at most this often. */
export const PROGRESS_INTERVAL_MS = 200;

/** A catch-up is cut into frames of about this many units, so that readiness is looked at in between. */
export const CATCH_UP_UNITS = 256 * 1024;

/** And of at most this many messages. */
export const CATCH_UP_MESSAGES = 500;
