import type { ReactNode } from "react";
export function TimelineView(): ReactNode {
  return null;
}
