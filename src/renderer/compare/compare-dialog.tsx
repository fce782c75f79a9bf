import type { ReactNode } from "react";
export function CompareDialog(): ReactNode {
  return null;
}
