import { type Cancel, ERRORS, type Publish, type Reply, type Role } from "../protocol/index.js";
import type { CommandHandler } from "./types.js";

/** The reply to a command: what its handler says, unless the role forbids it. Never rejects. */
export async function answerCommand(
  role: Role,
  command: Publish | Cancel,
  handle: CommandHandler | undefined,
): Promise<Reply> {
  const address = { type: "reply" as const, request_id: command.request_id };
  if (role !== "control" || handle === undefined)
    return { ...address, ok: false, error: { code: "forbidden", message: "This link may watch, not steer" } };
  try {
    return { ...address, ...(await handle(command)) };
  } catch {
    return { ...address, ok: false, error: { code: "internal", message: ERRORS.internal.title } };
  }
}
