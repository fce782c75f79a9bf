import type { ArtifactType } from "./artifact-type.js";
import { describeIssues } from "./artifact-types.js";
import { checkPayload } from "./check-payload.js";
import { FlockError } from "./errors.js";

/** The artifact types of a flock, by name. */
export class TypeBook {
  readonly #types = new Map<string, ArtifactType>();

  get all(): readonly ArtifactType[] {
    return [...this.#types.values()];
  }

  get(name: string): ArtifactType | undefined {
    return this.#types.get(name);
  }

  /** Throws `conflict` if another type has the name. */
  register(type: ArtifactType): void {
    const known = this.#types.get(type.name);
    if (known && known !== type) throw new FlockError("conflict", `There are two artifact types named ${type.name}`);
    this.#types.set(type.name, type);
  }

  /** The payload as its type wants it. Throws `unknown_type`, `invalid_payload`. */
  parse(type: ArtifactType | string, payload: unknown): { readonly type: string; readonly payload: unknown } {
    if (typeof type !== "string") this.register(type);
    const known = typeof type === "string" ? this.#types.get(type) : type;
    if (!known) throw new FlockError("unknown_type", `${String(type)} is not a known artifact type`);
    const checked = checkPayload(known, payload);
    if (!checked.ok) throw new FlockError("invalid_payload", describeIssues(known.name, checked.issues));
    return { type: known.name, payload: checked.payload };
  }
}
