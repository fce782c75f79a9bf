import type { ReactNode } from "react";

/**
 * What a tile, a run or an agent is doing. A provider wait is a pause, and an attempt that is tried again no failure;
 * "lost" is not known any more.
 */
export type Shape = "waiting" | "live" | "stalled" | "paused" | "lost" | "done" | "stopped" | "failed" | "retried";

export const SHAPE_WORD: Record<Shape, string> = {
  waiting: "waiting",
  live: "live",
  stalled: "stalled",
  paused: "provider wait",
  lost: "connection lost",
  done: "done",
  stopped: "stopped",
  failed: "failed",
  retried: "retried",
};

function marks(shape: Exclude<Shape, "live">): ReactNode {
  switch (shape) {
    case "waiting":
      return <circle cx="7" cy="7" r="5.2" strokeDasharray="1.6 2.48" />;
    case "stalled":
      return (
        <>
          <circle cx="7" cy="7" r="5.2" />
          <path d="M7 4v3.4M7 9.8v.1" strokeWidth="1.6" />
        </>
      );
    case "paused":
      return <path d="M4.6 2.5v9M9.4 2.5v9" strokeWidth="2.4" />;
    case "lost":
      return <path d="M4.6 2.4a5.2 5.2 0 1 0 4.8 0M2 2l10 10" />;
    case "done":
      return <path d="m2 7.6 3.2 3.2L12 3.6" strokeWidth="1.7" />;
    case "stopped":
      return <rect x="2.6" y="2.6" width="8.8" height="8.8" rx="1" fill="currentColor" stroke="none" />;
    case "retried":
      return <path d="M11.8 7a4.8 4.8 0 1 1-1.6-3.6M10.6 1v2.8H7.8" />;
    case "failed":
      return <path d="m2.8 2.8 8.4 8.4m0-8.4-8.4 8.4" strokeWidth="2" />;
  }
}

/** The shape alone; the word stands beside it or in `SHAPE_WORD` for those who cannot see it. */
export function StateIcon({ shape }: { shape: Shape }): ReactNode {
  // What is live is painted again and again: a border and a background cost each frame less than an `svg` does.
  if (shape === "live")
    return <span className="state-icon" data-shape={shape} role="img" aria-label={SHAPE_WORD[shape]} />;
  return (
    <svg
      className="state-icon"
      data-shape={shape}
      viewBox="0 0 14 14"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      role="img"
      aria-label={SHAPE_WORD[shape]}
    >
      {marks(shape)}
    </svg>
  );
}
