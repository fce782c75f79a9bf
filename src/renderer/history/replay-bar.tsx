import { useAtomValue } from "jotai/react";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import type { DesktopState } from "../../protocol/desktop.js";
import { useSession } from "../app-context.js";
import { explain, say } from "../state/actions.js";
import { desktopAtom } from "../state/atoms.js";
import { replayTime } from "../state/server-clock.js";
import { Button, IconButton } from "../ui/button.js";
import { absoluteTime, playTime } from "../ui/format.js";
import "./history.css";

type Replay = NonNullable<DesktopState["replay"]>;
type Steering = { readonly playing?: boolean; readonly speed?: number; readonly at?: number };

const SPEEDS = [1, 2, 4, 16, 64] as const;
const REDRAW_MS = 250;
const POSITIONS = 500;

/** Says that what is seen is a replay, and steers it. */
export function ReplayBar(): ReactNode {
  const replay = useAtomValue(desktopAtom)?.replay ?? null;
  return replay === null ? null : <Bar replay={replay} />;
}

function Bar({ replay }: { replay: Replay }): ReactNode {
  const session = useSession();
  const ask = (message: Parameters<typeof session.request>[0]) => {
    session.request(message).catch((error: unknown) => say(session, `The replay: ${explain(error)}`, true));
  };
  const steer = (steering: Steering) => ask({ type: "desktop_request", method: "steer_replay", ...steering });
  const isOver = !replay.playing && replay.at >= replay.to;
  return (
    <section className="replay" aria-label="Replay" data-testid="replay">
      <p className="replay-words truncate">
        <strong>Replay</strong> of {absoluteTime(replay.from)}
      </p>
      <IconButton
        icon={replay.playing ? "pause" : isOver ? "again" : "publish"}
        label={replay.playing ? "Pause" : isOver ? "Play again" : "Play"}
        onClick={() => steer({ playing: !replay.playing })}
      />
      <Position replay={replay} onSeek={(at) => steer({ at })} />
      <fieldset className="replay-speeds">
        <legend className="visually-hidden">Speed</legend>
        {SPEEDS.map((speed) => (
          <button
            key={speed}
            type="button"
            className="replay-speed"
            aria-pressed={replay.speed === speed}
            onClick={() => steer({ speed })}
          >
            {speed}×
          </button>
        ))}
      </fieldset>
      <Button look="outline" onClick={() => ask({ type: "desktop_request", method: "stop_replay" })}>
        Leave the replay
      </Button>
    </section>
  );
}

function Position({ replay, onSeek }: { replay: Replay; onSeek: (at: number) => void }): ReactNode {
  const at = useReplayTime(replay);
  /** Where the thumb is held; the replay goes there when it is let go. */
  const [held, setHeld] = useState<number | null>(null);
  // What was let go is held until the replay is there.
  useEffect(() => {
    void replay;
    setHeld(null);
  }, [replay]);
  const shown = held ?? at;
  const letGo = () => held !== null && onSeek(held);
  // A whole number of steps, so that the last one is the end.
  const step = Math.max(1, Math.ceil((replay.to - replay.from) / POSITIONS));
  const words = `${playTime(Math.min(shown, replay.to) - replay.from)} of ${playTime(replay.to - replay.from)}`;
  return (
    <>
      <input
        type="range"
        className="replay-position"
        aria-label="Position in the recording"
        aria-valuetext={words}
        min={replay.from}
        max={replay.from + POSITIONS * step}
        step={step}
        value={shown}
        onChange={(event) => setHeld(Number(event.target.value))}
        onPointerUp={letGo}
        onKeyUp={letGo}
        onBlur={letGo}
      />
      <span className="replay-time">{words}</span>
    </>
  );
}

/** The time of the recording now, redrawn while it moves. */
function useReplayTime(state: Replay): number {
  const told = useMemo(() => ({ state, toldAt: Date.now() }), [state]);
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    setNow(Date.now());
    if (!state.playing) return;
    const timer = setInterval(() => setNow(Date.now()), REDRAW_MS);
    return () => clearInterval(timer);
  }, [state]);
  return replayTime(told, now);
}
