/** What the baselines export, as far as the bench pages use it; they are installed apart, and only when a bench runs. */
declare module "streamdown" {
  import type { ComponentType } from "react";
  export const Streamdown: ComponentType<{ children: string }>;
}

declare module "@incremark/react" {
  import type { ComponentType } from "react";
  export const IncremarkContent: ComponentType<{ content: string; isFinished?: boolean }>;
}

declare module "@incremark/theme/styles.css";
