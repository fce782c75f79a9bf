/** Questions to a recording, in the terms of REST's filters. */
import type { ArtifactPublished, SequencedMessage, StreamStarted, WorkflowStarted } from "../protocol/index.js";
import type { Condition, IdColumn, Recording } from "./recording.js";

export interface Filter {
  /** Of the artifact, or of the stream's artifact. */
  readonly type?: string | undefined;
  readonly correlation_id?: string | undefined;
  /** Name of an agent. */
  readonly produced_by?: string | undefined;
  readonly tag?: string | undefined;
  /** Inclusive, in milliseconds since 1970. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export interface Stretch {
  /** Id of the item that the stretch begins after; undefined for the beginning. */
  readonly after: string | undefined;
  readonly limit: number;
}

/** Oldest first; null where nothing has the id of `after`. */
export type Items<E> = readonly E[] | null;

export function findArtifacts(recording: Recording, filter: Filter, stretch: Stretch): Items<ArtifactPublished> {
  const condition = all(
    describes(filter),
    inWorkflow(filter),
    within("json_extract(body, '$.artifact.created_at')", filter),
  );
  return find(recording, "artifact_published", "artifact_id", condition, stretch);
}

/** A tag is one of an artifact in the stream's workflow. */
export function findStreams(recording: Recording, filter: Filter, stretch: Stretch): Items<StreamStarted> {
  const { type, produced_by, tag } = filter;
  const condition = all(
    describes({ type, produced_by }),
    inWorkflow(filter),
    holdsArtifact({ tag }),
    within("json_extract(body, '$.started_at')", filter),
  );
  return find(recording, "stream_started", "stream_id", condition, stretch);
}

/** A workflow that was taken up again is the same one, in its first place, and has started when it did last. */
const LAST_START = `(
  SELECT json_extract(last.body, '$.timestamp') FROM entry AS last
  WHERE last.type = entry.type AND last.correlation_id = entry.correlation_id ORDER BY last.id DESC LIMIT 1
)`;

/** Those that hold an artifact which the filter describes; each as it started first. */
export function findWorkflows(recording: Recording, filter: Filter, stretch: Stretch): Items<WorkflowStarted> {
  const condition = all(inWorkflow(filter), holdsArtifact(filter), within(LAST_START, filter), {
    sql: `NOT EXISTS (
      SELECT 1 FROM entry AS before
      WHERE before.type = entry.type AND before.correlation_id = entry.correlation_id AND before.id < entry.id
    )`,
    values: [],
  });
  return find(recording, "workflow_started", "correlation_id", condition, stretch);
}

function find<E extends SequencedMessage>(
  recording: Recording,
  type: E["type"],
  idColumn: IdColumn,
  condition: Condition,
  { after, limit }: Stretch,
): Items<E> {
  let place = 0;
  if (after !== undefined) {
    const last = recording.find<E>(type, idColumn, after);
    if (last === undefined) return null;
    place = last.id;
  }
  const found = recording.events<E>(type, all({ sql: "id > ?", values: [place] }, condition), limit);
  return found.map(({ event }) => event);
}

const always: Condition = { sql: "TRUE", values: [] };

function all(...conditions: readonly Condition[]): Condition {
  return {
    sql: conditions.map(({ sql }) => `(${sql})`).join(" AND "),
    values: conditions.flatMap(({ values }) => values),
  };
}

function equals(column: string, value: string | undefined): Condition {
  return value === undefined ? always : { sql: `${column} = ?`, values: [value] };
}

function inWorkflow(filter: Filter): Condition {
  return equals("correlation_id", filter.correlation_id);
}

function describes({ type, produced_by, tag }: Pick<Filter, "type" | "produced_by" | "tag">): Condition {
  const tagged = "EXISTS (SELECT 1 FROM json_each(entry.body, '$.artifact.tags') WHERE value = ?)";
  return all(
    equals("artifact_type", type),
    equals("agent", produced_by),
    tag === undefined ? always : { sql: tagged, values: [tag] },
  );
}

/** Of any event of a workflow: that the workflow holds an artifact which the filter describes. */
function holdsArtifact(filter: Pick<Filter, "type" | "produced_by" | "tag">): Condition {
  const { sql, values } = describes(filter);
  if (values.length === 0) return always;
  return {
    sql: `correlation_id IN (SELECT correlation_id FROM entry WHERE type = 'artifact_published' AND ${sql})`,
    values,
  };
}

/** @param time SQL for milliseconds since 1970 */
function within(time: string, { from, to }: Filter): Condition {
  return all(
    from === undefined ? always : { sql: `${time} >= ?`, values: [from] },
    to === undefined ? always : { sql: `${time} <= ?`, values: [to] },
  );
}
