/** Checks one payload. `issues` names each fault's path (`$.title`) and reason. */
export type PayloadCheck =
  | { readonly ok: true; readonly payload: unknown }
  | { readonly ok: false; readonly issues: readonly { readonly path: string; readonly reason: string }[] };

/** A named kind of artifact. Made from a zod schema in code, from JSON Schema in a flock file. */
export interface ArtifactType {
  readonly name: string;
  /** JSON Schema 2020-12 of the payload. */
  readonly jsonSchema: Readonly<Record<string, unknown>>;
  /** Free Markdown: the payload is `{ text: string }` and the stream is that text. */
  readonly isText: boolean;
  check(payload: unknown): PayloadCheck;
}
