import type { ArtifactType } from "../core/artifact-type.js";
import type { OutputRequest } from "../core/engine.js";

export interface WantedType {
  readonly type: ArtifactType;
  /** How many artifacts of it. */
  readonly count: number;
}

/** Every type of the request once, with how many of it are wanted: a repeated type counts. */
export function wantedTypes(request: OutputRequest): readonly WantedType[] {
  const names = [...new Set(request.types.map((type) => type.name))];
  return names.flatMap((name) => {
    const same = request.types.filter((type) => type.name === name);
    return same[0] === undefined ? [] : [{ type: same[0], count: same.length * request.fanOut }];
  });
}
