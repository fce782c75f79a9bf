import type { ReactNode } from "react";

const PATHS = {
  search: "M7.2 12a4.8 4.8 0 1 0 0-9.6 4.8 4.8 0 0 0 0 9.6Zm3.5-1.3 3 3",
  chevron: "m4.5 6.5 3.5 3.5 3.5-3.5",
  close: "m4 4 8 8m0-8-8 8",
  copy: "M6 5.5h7v8H6zM10 5.5v-3H3v8h3",
  check: "m3 8.5 3.3 3.3L13 5",
  pin: "M8 10v4M5 2.5h6M5.8 2.5V7L4 10h8l-1.8-3V2.5",
  expand: "M9.5 2.5h4v4m0-4-5 5m-2 6h-4v-4m0 4 5-5",
  hide: "M2 8s2.2-4 6-4 6 4 6 4-2.2 4-6 4-6-4-6-4Zm1-5.5 10 11",
  settings:
    "M8 10.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4ZM8 1.8v2M8 12.2v2M1.8 8h2M12.2 8h2M3.6 3.6 5 5M11 11l1.4 1.4M3.6 12.4 5 11M11 5l1.4-1.4",
  remote:
    "M8 9.4a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8ZM4.8 11.2a4.5 4.5 0 0 1 0-6.4m6.4 0a4.5 4.5 0 0 1 0 6.4M2.7 13.3a7.5 7.5 0 0 1 0-10.6m10.6 0a7.5 7.5 0 0 1 0 10.6",
  publish: "M3 2.8v10.4L13 8z",
  left: "M13 8H3m4-4L3 8l4 4",
  right: "M3 8h10M9 4l4 4-4 4",
  up: "M8 13V3m-4 4 4-4 4 4",
  down: "M8 3v10m-4-4 4 4 4-4",
  code: "m5.5 4.5-3.5 3.5 3.5 3.5m5-7 3.5 3.5-3.5 3.5",
  again: "M13 8a5 5 0 1 1-1.5-3.6M13 2v3h-3",
  compare: "M2.5 3h4.5v10H2.5zM9 3h4.5v10H9z",
  folder: "M2 4h4l1.5 1.8H14V13H2z",
  file: "M4 2h5l3 3v9H4zM9 2v3h3",
  warning: "M8 2.5 14.2 13H1.8zM8 6.5v3M8 11.3v.01",
  info: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 7.3V11M8 5v.01",
  key: "M5.3 12a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6ZM7.3 7.2 13 2.5M10.5 4.6l2 2",
  grid: "M2.5 2.5h4.7v4.7H2.5zM8.8 2.5h4.7v4.7H8.8zM2.5 8.8h4.7v4.7H2.5zM8.8 8.8h4.7v4.7H8.8z",
  pause: "M5.5 3v10M10.5 3v10",
  history: "M3 8a5 5 0 1 1 1.5 3.6M3 4.5V8h3.5M8 5v3.2l2.2 1.3",
  plus: "M8 3v10M3 8h10",
  eye: "M2 8s2.2-4 6-4 6 4 6 4-2.2 4-6 4-6-4-6-4Zm6 1.6a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2Z",
  grip: "M6 4h.01M6 8h.01M6 12h.01M10 4h.01M10 8h.01M10 12h.01",
} as const;

/** Every live tile shows these, and an `svg` costs each of its frames more than a border and a background do. */
type PlainIconName = "stop" | "more";

export type IconName = keyof typeof PATHS | PlainIconName;

/** A 16 px line icon; always beside or inside something that names it. */
export function Icon({ name, className = "" }: { name: IconName; className?: string }): ReactNode {
  if (name === "stop" || name === "more")
    return <span className={`icon icon-${name} ${className}`} aria-hidden="true" />;
  const dots = name === "grip";
  return (
    <svg
      className={`icon ${className}`}
      viewBox="0 0 16 16"
      fill={name === "publish" ? "currentColor" : "none"}
      stroke="currentColor"
      strokeWidth={dots ? 2 : 1.4}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
