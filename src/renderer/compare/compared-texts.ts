/** The texts that are compared, as rows of sections, read anew a few times a second while one of them grows. */
import { useEffect, useRef, useState } from "react";
import type { ViewState } from "../../protocol/view-state.js";
import { useSession } from "../app-context.js";
import { align, type Section, sections } from "./align.js";

/** How often texts that still grow are aligned anew, in milliseconds. */
const REFRESH_MS = 500;

export interface ComparedCell {
  /** Markdown; null where the text has no such section. */
  readonly text: string | null;
  /** Whether more of it, or it at all, may still come. */
  readonly grows: boolean;
}

interface Column {
  readonly revision: string;
  readonly sections: readonly Section[];
  readonly grows: boolean;
}

function column({ streams }: ViewState, id: string, before: Column | undefined): Column {
  const stream = streams.get(id);
  const revision = stream === undefined ? "" : `${stream.revision}/${stream.status}`;
  if (before?.revision === revision) return before;
  return { revision, sections: sections(stream?.text.slice() ?? ""), grows: stream?.status === "live" };
}

/** Rows of cells, one a column. The last section of a live text grows, and what would follow it may still come. */
export function comparedRows(columns: readonly Pick<Column, "sections" | "grows">[]): readonly ComparedCell[][] {
  const rows = align(columns.map((one) => one.sections));
  return rows.map((cells, at) =>
    cells.map((cell, column) => ({
      text: cell?.text ?? null,
      grows: columns[column]?.grows === true && rows.slice(at + 1).every((later) => later[column] == null),
    })),
  );
}

/** The rows as they are now. While it is used, the streams count as seen. */
export function useComparedRows(ids: readonly string[]): readonly ComparedCell[][] {
  const session = useSession();
  const columns = useRef(new Map<string, Column>());
  const kept = useRef<{ readonly key: string; readonly rows: readonly ComparedCell[][] }>({ key: "", rows: [] });
  const [, setTick] = useState(0);
  useEffect(() => {
    const holds = ids.map((id) => session.show(id));
    const timer = setInterval(() => setTick((tick) => tick + 1), REFRESH_MS);
    return () => {
      clearInterval(timer);
      for (const release of holds) release();
    };
  }, [ids, session]);
  const now = ids.map((id) => column(session.view, id, columns.current.get(id)));
  columns.current = new Map(ids.map((id, at) => [id, now[at] as Column]));
  const key = now.map(({ revision }, at) => `${ids[at]} ${revision}`).join("\n");
  if (kept.current.key !== key) kept.current = { key, rows: comparedRows(now) };
  return kept.current.rows;
}
