import { chmodSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Database from "libsql";
import { unpackBatch } from "./batch.js";
import type { Entry, HistoryWriter, SessionFacts } from "./entry.js";
import { INSERT_ENTRY, SCHEMA, SET_FACT } from "./schema.js";

type Value = string | number | null;

/** Writes one recording. Each batch is one transaction. It blocks while the disk works: it belongs on its own thread. */
export class SqliteWriter implements HistoryWriter {
  readonly #database: InstanceType<typeof Database>;

  /** Creates the file, and its folder, for its owner's eyes alone. Throws where that cannot be. */
  constructor(file: string) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    this.#database = new Database(file);
    chmodSync(file, 0o600);
    this.#database.pragma("journal_mode = WAL");
    this.#database.pragma("synchronous = FULL");
    this.#database.exec(SCHEMA);
  }

  async write(batch: Uint8Array): Promise<void> {
    const entries = unpackBatch(batch);
    this.#inTransaction(() => {
      const insert = this.#database.prepare(INSERT_ENTRY);
      for (const entry of entries) insert.run(...rowOf(entry));
    });
  }

  async tell(facts: Partial<SessionFacts>): Promise<void> {
    this.#inTransaction(() => {
      const set = this.#database.prepare(SET_FACT);
      for (const [name, value] of Object.entries(facts)) set.run(name, value === null ? null : String(value));
    });
  }

  /** Afterwards the file stands alone: without a log beside it, unless somebody else still reads it. */
  async close(): Promise<void> {
    try {
      this.#database.pragma("journal_mode = DELETE");
    } catch {
      // A reader keeps the log; whoever closes last takes it in.
    }
    this.#database.close();
  }

  #inTransaction(work: () => void): void {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      work();
      this.#database.exec("COMMIT");
    } catch (error) {
      // On a full disk SQLite has rolled back by itself.
      if (this.#database.inTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }
}

function rowOf(entry: Entry): Value[] {
  if ("text" in entry)
    return [entry.at, "text", null, null, entry.stream_id, null, null, null, entry.offset, JSON.stringify(entry.text)];
  const { at, event } = entry;
  const row = (ids: {
    workflow?: string;
    stream?: string;
    artifact?: string;
    agent?: string;
    artifactType?: string;
  }): Value[] => [
    at,
    event.type,
    event.seq,
    ids.workflow ?? null,
    ids.stream ?? null,
    ids.artifact ?? null,
    ids.agent ?? null,
    ids.artifactType ?? null,
    null,
    JSON.stringify(event),
  ];
  switch (event.type) {
    case "artifact_published": {
      const { id, type, produced_by, correlation_id } = event.artifact;
      return row({ workflow: correlation_id, artifact: id, agent: produced_by, artifactType: type });
    }
    case "stream_started":
      return row({
        workflow: event.correlation_id,
        stream: event.stream_id,
        agent: event.agent_name,
        artifactType: event.artifact_type,
      });
    case "stream_complete":
      return row({ stream: event.stream_id, agent: event.agent_name });
    case "workflow_started":
    case "workflow_finished":
      return row({ workflow: event.correlation_id });
    default:
      return row({ workflow: event.correlation_id, agent: event.agent_name });
  }
}
