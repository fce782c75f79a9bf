import { statSync } from "node:fs";
import type Database from "libsql";
import type { ArtifactPublished, SequencedMessage, StreamComplete, StreamStarted } from "../protocol/index.js";
import type { Entry, SessionFacts } from "./entry.js";
import { FORMAT, IS_EVENT } from "./schema.js";

/** A file that is no recording, or one of another version. */
export class RecordingError extends Error {}

export interface RecordingSummary extends SessionFacts {
  readonly workflows: number;
  readonly streams: number;
  /** UTF-16 units of text. */
  readonly units: number;
  /** Bytes on the disk. */
  readonly bytes: number;
  /** Milliseconds since 1970: when the last entry was recorded. */
  readonly last_at: number;
}

export interface EntryPage {
  readonly entries: readonly Entry[];
  /** Ask for what comes after this; null when there is no more. */
  readonly next: number | null;
}

export interface RecordedStream {
  readonly started: StreamStarted;
  /** Null for a stream that was cut off with its process, or that is open. */
  readonly complete: StreamComplete | null;
  readonly text: readonly { readonly at: number; readonly offset: number; readonly text: string }[];
}

interface Row {
  readonly id: number;
  readonly at: number;
  readonly type: string;
  readonly stream_id: string | null;
  readonly start: number | null;
  readonly body: string;
}

type Value = string | number;

const ROWS = 200;

/** SQL over the table `entry`, with a value for each `?`. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly Value[];
}

export type IdColumn = "artifact_id" | "stream_id" | "correlation_id";

/** `id` is the entry's, which grows. */
export interface Found<E> {
  readonly id: number;
  readonly event: E;
}

/** Reads one recording, also while it is being written. Every call is a query of its own; none writes. */
export class Recording {
  readonly #database: Database.Database;
  readonly #file: string;

  private constructor(database: Database.Database, file: string) {
    this.#database = database;
    this.#file = file;
  }

  /** Rejects with `RecordingError`. */
  static async open(file: string): Promise<Recording> {
    // Loaded on demand: what never reads a recording starts without it, and runs where there is no binary for it.
    const { default: Database } = await import("libsql");
    let database: Database.Database | undefined;
    try {
      if (statSync(file, { throwIfNoEntry: false }) === undefined) throw new RecordingError("There is no such file.");
      database = new Database(file);
      database.pragma("query_only = ON");
      const version = database.prepare("PRAGMA user_version").get() as { user_version: number };
      if (version.user_version !== FORMAT)
        throw new RecordingError(
          `It has format ${version.user_version}; this version of Flockdeck reads format ${FORMAT}.`,
        );
      return new Recording(database, file);
    } catch (error) {
      database?.close();
      if (error instanceof RecordingError) throw error;
      throw new RecordingError(`It cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  summary(): RecordingSummary {
    const facts = new Map(
      this.#all<{ name: string; value: string | null }>("SELECT name, value FROM fact").map((row) => [
        row.name,
        row.value,
      ]),
    );
    const fact = (name: string) => facts.get(name) ?? null;
    const [counts] = this.#all<{ workflows: number; streams: number; units: number; last_at: number | null }>(`
      SELECT
        (SELECT count(*) FROM entry WHERE type = 'workflow_started' AND ${IS_EVENT}) AS workflows,
        (SELECT count(*) FROM entry WHERE type = 'stream_started' AND ${IS_EVENT}) AS streams,
        (
          SELECT coalesce(sum(json_extract(body, '$.length')), 0) FROM entry
          WHERE type = 'stream_complete' AND ${IS_EVENT}
        ) AS units,
        (SELECT at FROM entry ORDER BY id DESC LIMIT 1) AS last_at
    `);
    const startedAt = Number(fact("started_at"));
    const endedAt = fact("ended_at");
    return {
      epoch: fact("epoch") ?? "",
      flock: fact("flock") ?? "",
      path: fact("path"),
      started_at: startedAt,
      ended_at: endedAt === null ? null : Number(endedAt),
      pid: Number(fact("pid")),
      hello: fact("hello") ?? "",
      workflows: counts?.workflows ?? 0,
      streams: counts?.streams ?? 0,
      units: counts?.units ?? 0,
      last_at: counts?.last_at ?? startedAt,
      bytes: statSync(this.#file).size,
    };
  }

  /** Entries in their order, after that id (0 for the beginning), of about `maxUnits` together, at least one. */
  entries(after: number, maxUnits: number): EntryPage {
    const entries: Entry[] = [];
    let units = 0;
    let last = after;
    // To the end each time: a statement that is left half way holds the file as it was then.
    for (;;) {
      const rows = this.#all<Row>(
        "SELECT id, at, type, stream_id, start, body FROM entry WHERE id > ? ORDER BY id LIMIT ?",
        last,
        ROWS,
      );
      for (const row of rows) {
        if (units >= maxUnits) return { entries, next: last };
        entries.push(entryOf(row));
        units += row.body.length + 100;
        last = row.id;
      }
      if (rows.length < ROWS) return { entries, next: null };
    }
  }

  stream(id: string): RecordedStream | undefined {
    const rows = this.#all<Row>("SELECT * FROM entry WHERE stream_id = ? ORDER BY id", id);
    const event = <E>(type: string): E | undefined => {
      const row = rows.find((candidate) => candidate.type === type);
      return row === undefined ? undefined : (JSON.parse(row.body) as E);
    };
    const started = event<StreamStarted>("stream_started");
    if (started === undefined) return undefined;
    const text = rows
      .filter((row) => row.type === "text")
      .map(({ at, start, body }) => ({ at, offset: start ?? 0, text: JSON.parse(body) as string }));
    return { started, complete: event<StreamComplete>("stream_complete") ?? null, text };
  }

  /** How a stream ended; null if it has not, as far as this tells. */
  completeOf(streamId: string): StreamComplete | null {
    return this.find<StreamComplete>("stream_complete", "stream_id", streamId)?.event ?? null;
  }

  artifact(id: string): ArtifactPublished | undefined {
    return this.find<ArtifactPublished>("artifact_published", "artifact_id", id)?.event;
  }

  /** Every event of a workflow, but for the ends of its streams. */
  workflow(correlationId: string): readonly SequencedMessage[] {
    const rows = this.#all<Row>("SELECT * FROM entry WHERE correlation_id = ? ORDER BY id", correlationId);
    return rows.map((row) => JSON.parse(row.body) as SequencedMessage);
  }

  /** The first event of that type that names this workflow, stream or artifact. */
  find<E extends SequencedMessage>(type: E["type"], column: IdColumn, id: string): Found<E> | undefined {
    // By the id's index: the plus keeps the type's from being taken.
    const [row] = this.#all<Row>(
      `SELECT * FROM entry WHERE ${column} = ? AND +type = ? ORDER BY entry.id LIMIT 1`,
      id,
      type,
    );
    return row === undefined ? undefined : { id: row.id, event: JSON.parse(row.body) as E };
  }

  /** Events of that type that the condition holds for, in their order. */
  events<E extends SequencedMessage>(type: E["type"], condition: Condition, limit: number): readonly Found<E>[] {
    const rows = this.#all<Row>(
      `SELECT * FROM entry WHERE type = ? AND ${IS_EVENT} AND (${condition.sql}) ORDER BY id LIMIT ?`,
      type,
      ...condition.values,
      limit,
    );
    return rows.map((row) => ({ id: row.id, event: JSON.parse(row.body) as E }));
  }

  close(): void {
    this.#database.close();
  }

  #all<R>(sql: string, ...values: Value[]): R[] {
    return this.#database.prepare(sql).all(...values) as R[];
  }
}

function entryOf(row: Row): Entry {
  if (row.type !== "text") return { at: row.at, event: JSON.parse(row.body) };
  return { at: row.at, stream_id: row.stream_id ?? "", offset: row.start ?? 0, text: JSON.parse(row.body) };
}
