import { useAtomValue } from "jotai/react";
import { type MouseEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useSession } from "../app-context.js";
import { LiveMarkdown } from "../markdown/live-markdown.js";
import { TailGrowth } from "../markdown/tail-growth.js";
import { streamAtom } from "../state/atoms.js";
import { Button } from "../ui/button.js";
import { count } from "../ui/format.js";
import { FindBar } from "./find-bar.js";
import { LossMarker } from "./loss-marker.js";
import { newPlace, placeIn } from "./reading-place.js";
import { StreamFault } from "./stream-fault.js";
import { StreamRaw } from "./stream-raw.js";
import { focusTileNear } from "./tile-focus.js";
import type { TileModes } from "./tile-modes.js";
import { useFollowEnd } from "./use-follow-end.js";
import { useHeldFocus } from "./use-held-focus.js";
import { useTextRevision } from "./use-text-revision.js";

/** What an arrow key moves, as in a scroller of the browser's. */
const LINE_PX = 40;

interface StreamTextProps {
  readonly streamId: string;
  readonly modes: TileModes;
  /** No tile around it takes the keys: it has the focus itself, and begins at the end, not where a tile's reader was. */
  readonly alone?: boolean;
}

/** The text of one stream as it is written. Renders for new text only, and only while it is mounted. */
export function StreamText({ streamId, modes, alone = false }: StreamTextProps): ReactNode {
  const session = useSession();
  const facts = useAtomValue(streamAtom(streamId));
  const [growth] = useState(() => new TailGrowth(() => session.isBehind(streamId)));
  const grow = useRef((): boolean => false);
  const revision = useTextRevision(streamId, grow);
  useEffect(() => session.show(streamId), [session, streamId]);
  const [place] = useState(() => {
    const text = alone ? undefined : session.view.streams.get(streamId)?.text;
    return text === undefined ? newPlace() : placeIn(text);
  });
  const tile = useRef<HTMLElement | null>(null);
  const followed = useFollowEnd(revision, place);
  const { box, following, scrolls, follow, scrollBy } = followed;
  const heldFocus = useHeldFocus(followed, facts?.status === "live");
  const reveal = (range: Range, covered: number) => {
    const element = box.current;
    if (element === null) return;
    const top = range.getBoundingClientRect().top - element.getBoundingClientRect().top;
    if (top < covered || top > element.clientHeight - 24) scrollBy(top - element.clientHeight / 3);
  };

  const stream = session.view.streams.get(streamId);
  const document = stream === undefined ? undefined : session.documents.of(stream);
  const shown = stream?.text.end ?? 0;
  useLayoutEffect(() => {
    tile.current ??= box.current?.closest<HTMLElement>("[data-stream-id]") ?? null;
    writeLength(tile.current, shown);
    grow.current = () => {
      const now = session.view.streams.get(streamId);
      if (scrolls || modes.raw || modes.finding || now?.status !== "live") return false;
      if (!growth.show(session.documents.of(now))) return false;
      writeLength(tile.current, now.text.end);
      place.leftAt = now.text.end;
      return true;
    };
  });
  if (following) place.leftAt = shown;
  if (stream === undefined || document === undefined || facts === undefined) return null;

  return (
    <div className="stream-body" data-finding={modes.finding || undefined} {...heldFocus}>
      {modes.finding ? (
        <FindBar root={box} kept={modes.search} onReveal={reveal} onClose={() => modes.setFinding(false)} />
      ) : null}
      {/* biome-ignore lint/a11y/useSemanticElements: a hundred landmarks would hide the few that help; nothing here is filled in */}
      <div
        ref={box}
        role="group"
        className="stream-view"
        data-scrolls={scrolls}
        data-testid="stream-text"
        tabIndex={alone || scrolls ? 0 : -1}
        data-autofocus={alone ? true : undefined}
        aria-label={`Text of ${stream.started.agent_name}`}
        onKeyDown={(event) => {
          // In a tile arrows go to the next tile, unless the browser scrolls it; with Shift they select.
          if (event.key.startsWith("Arrow") && (!alone || event.shiftKey)) return;
          if (scrollKey(event.key, box.current, scrollBy, follow)) event.preventDefault();
        }}
      >
        <div className="stream-ink" data-live={stream.status === "live"}>
          <LossMarker units={stream.lostUnits} reason={stream.lastReset?.reason ?? null} />
          {modes.raw ? (
            <StreamRaw text={stream.text} />
          ) : (
            <LiveMarkdown
              document={document}
              revision={document.revision}
              complete={modes.finding}
              end={scrolls ? undefined : box}
              growth={growth}
            />
          )}
          <StreamFault stream={facts} />
        </div>
      </div>
      {following ? null : (
        <JumpToEnd
          live={stream.status === "live"}
          news={shown - place.leftAt}
          onClick={(event) => {
            if (alone) box.current?.focus({ preventScroll: true });
            else focusTileNear(event.currentTarget);
            follow();
          }}
        />
      )}
    </div>
  );
}

function writeLength(tile: HTMLElement | null, length: number): void {
  if (tile) tile.dataset.length = String(length);
}

interface JumpProps {
  readonly live: boolean;
  /** Units of text that came since the reader left the end. */
  readonly news: number;
  readonly onClick: (event: MouseEvent<HTMLElement>) => void;
}

function JumpToEnd({ live, news, onClick }: JumpProps): ReactNode {
  const end = live ? "Jump to live" : "To the end";
  const words = news > 0 ? `${end} · ${count(news)} new` : end;
  const label = news > 0 ? `${words} ${news === 1 ? "character" : "characters"}` : words;
  return (
    <Button
      className="jump-to-live"
      look="solid"
      small
      icon="down"
      aria-label={label}
      title={news > 0 ? label : undefined}
      onClick={onClick}
    >
      {words}
    </Button>
  );
}

function scrollKey(
  key: string,
  box: HTMLElement | null,
  scrollBy: (pixels: number) => void,
  follow: () => void,
): boolean {
  const page = (box?.clientHeight ?? 0) * 0.9;
  switch (key) {
    case "ArrowUp":
      scrollBy(-LINE_PX);
      return true;
    case "ArrowDown":
      scrollBy(LINE_PX);
      return true;
    case "PageUp":
      scrollBy(-page);
      return true;
    case "PageDown":
      scrollBy(page);
      return true;
    case "Home":
      scrollBy(Number.NEGATIVE_INFINITY);
      return true;
    case "End":
      follow();
      return true;
    default:
      return false;
  }
}
