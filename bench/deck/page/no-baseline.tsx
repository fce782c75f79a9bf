import type { ReactElement } from "react";

/** Stands in where the baselines are not installed; nothing measures it. */
export function Streamdown({ children }: { children: string }): ReactElement {
  return <pre>{children}</pre>;
}
