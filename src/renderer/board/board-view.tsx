import { useVirtualizer } from "@tanstack/react-virtual";
import { useAtomValue, useSetAtom } from "jotai/react";
import { type ReactNode, useDeferredValue, useMemo, useRef, useState } from "react";
import type { ArtifactView } from "../../protocol/view-state.js";
import { artifactsAtom } from "../state/atoms.js";
import { openArtifactAtom } from "../state/interface.js";
import { payloadTitle } from "../state/titles.js";
import { absoluteTime, plural, timeOfDay } from "../ui/format.js";

const ROW_PX = 44;

function matching(artifacts: readonly ArtifactView[], search: string, type: string): readonly ArtifactView[] {
  const wanted = search.trim().toLowerCase();
  return artifacts
    .filter(({ artifact }) => {
      if (type !== "" && artifact.type !== type) return false;
      if (wanted === "") return true;
      const names = `${artifact.type} ${artifact.produced_by} ${artifact.tags.join(" ")} ${artifact.id}`.toLowerCase();
      return names.includes(wanted) || JSON.stringify(artifact.payload).toLowerCase().includes(wanted);
    })
    .reverse();
}

/** The blackboard: every artifact, newest first, searchable, each with where it came from and what it holds. */
export function BoardView(): ReactNode {
  const artifacts = useAtomValue(artifactsAtom);
  const [search, setSearch] = useState("");
  const [type, setType] = useState("");
  const wanted = useDeferredValue(search);
  const shown = useMemo(() => matching(artifacts, wanted, type), [artifacts, wanted, type]);
  const types = useMemo(() => [...new Set(artifacts.map(({ artifact }) => artifact.type))].sort(), [artifacts]);

  return (
    <div className="board">
      <search className="board-tools">
        <input
          className="input"
          type="search"
          placeholder="Search type, producer, tags or payload"
          aria-label="Search artifacts"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <select className="input" aria-label="Type" value={type} onChange={(event) => setType(event.target.value)}>
          <option value="">All types</option>
          {types.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <span className="board-count" role="status">
          {plural(shown.length, "artifact")}
        </span>
      </search>
      {artifacts.length === 0 ? (
        <div className="empty">
          <p className="empty-title">The board is empty</p>
          <p>Whatever is published, by you or by an agent, is listed here with its payload.</p>
        </div>
      ) : shown.length === 0 ? (
        <div className="empty">
          <p className="empty-title">Nothing matches</p>
          <p>Search for another word, or choose all types.</p>
        </div>
      ) : (
        <BoardRows rows={shown} />
      )}
    </div>
  );
}

function BoardRows({ rows }: { rows: readonly ArtifactView[] }): ReactNode {
  const open = useSetAtom(openArtifactAtom);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
    initialRect: { width: 800, height: 600 },
  });
  return (
    <div ref={scroller} className="board-rows">
      <ul style={{ height: virtual.getTotalSize(), position: "relative" }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const artifact = rows[index]?.artifact;
          if (artifact === undefined) return null;
          return (
            <li key={artifact.id} className="board-row" style={{ transform: `translateY(${start}px)` }}>
              <button
                type="button"
                className="board-artifact"
                data-testid="artifact-row"
                data-artifact-id={artifact.id}
                onClick={() => open(artifact.id)}
              >
                <span className="board-type truncate">{artifact.type}</span>
                <span className="board-by truncate">{artifact.produced_by}</span>
                <span className="board-title truncate">{payloadTitle(artifact.payload)}</span>
                <time className="board-time" title={absoluteTime(artifact.created_at)}>
                  {timeOfDay(artifact.created_at)}
                </time>
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
