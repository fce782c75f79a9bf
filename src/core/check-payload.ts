import type { ArtifactType, PayloadCheck } from "./artifact-type.js";
import { DEEPEST_NESTING, isShallow } from "./nesting.js";

/** Payloads go to viewers, which have stacks of their own. */
const TOO_DEEP: PayloadCheck = {
  ok: false,
  issues: [{ path: "$", reason: `nests deeper than ${DEEPEST_NESTING} levels` }],
};

/** Whether a payload fits its type, and what every viewer can take. */
export function checkPayload(type: ArtifactType, payload: unknown): PayloadCheck {
  return isShallow(payload) ? type.check(payload) : TOO_DEEP;
}
