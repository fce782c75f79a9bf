/** When an agent runs on its own, with nothing consumed. */
export type Schedule =
  /** Every so many milliseconds, first after one interval. */
  | { readonly every: number }
  /** Once, in milliseconds since 1970. */
  | { readonly at: number | Date }
  /** A cron expression of five or six fields. */
  | { readonly cron: string; readonly timezone?: string };
