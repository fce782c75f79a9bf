/** The recording's tables. One file is one session of one process: it can be copied, sent and deleted by itself. */

/** Grows when a table changes its meaning; a file of another version is not read. */
export const FORMAT = 1;

/** In a query's own words, so that SQLite takes the index on `type`, which leaves the many entries of text out. */
export const IS_EVENT = "type <> 'text'";

/**
 * `entry`: everything in the order in which it happened. `body` is JSON: the event, whose columns
 * repeat what is asked for, or, where `type` is "text", a string that begins at the offset `start`. JSON also because
 * SQLite's text ends at a NUL for some readers, and a model's need not.
 */
export const SCHEMA = `
  CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
  CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    seq INTEGER,
    correlation_id TEXT,
    stream_id TEXT,
    artifact_id TEXT,
    agent TEXT,
    artifact_type TEXT,
    start INTEGER,
    body TEXT NOT NULL
  );
  CREATE INDEX entry_type ON entry (type) WHERE ${IS_EVENT};
  CREATE INDEX entry_workflow ON entry (correlation_id) WHERE correlation_id IS NOT NULL;
  CREATE INDEX entry_stream ON entry (stream_id) WHERE stream_id IS NOT NULL;
  CREATE INDEX entry_artifact ON entry (artifact_id) WHERE artifact_id IS NOT NULL;
  PRAGMA user_version = ${FORMAT};
`;

export const INSERT_ENTRY = `
  INSERT INTO entry (at, type, seq, correlation_id, stream_id, artifact_id, agent, artifact_type, start, body)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
`;

export const SET_FACT = `
  INSERT INTO fact (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value
`;
