/** The one door for commands. A command's fault is a reply, never a throw. */
import { type Flock, FlockError } from "../core/index.js";
import type { CancelTarget, Publish } from "../protocol/index.js";
import type { CommandHandler } from "../relay/types.js";

export function commandHandler(flock: Flock): CommandHandler {
  return async (command) => {
    try {
      return command.type === "publish"
        ? { ok: true, result: await publish(flock, command) }
        : { ok: true, result: cancel(flock, command) };
    } catch (cause) {
      return { ok: false, error: toErrorInfo(cause) };
    }
  };
}

async function publish(flock: Flock, command: Publish): Promise<{ artifact_id: string; correlation_id: string }> {
  const artifact = await flock.publish(command.artifact_type, command.payload, {
    ...(command.tags === undefined ? {} : { tags: command.tags }),
    ...(command.correlation_id === undefined ? {} : { correlationId: command.correlation_id }),
  });
  return { artifact_id: artifact.id, correlation_id: artifact.correlationId };
}

function cancel(flock: Flock, target: CancelTarget): Record<string, unknown> {
  if (target.stream_id !== undefined) {
    flock.cancel({ streamId: target.stream_id });
    return { stream_id: target.stream_id };
  }
  if (target.run_id !== undefined) {
    flock.cancel({ runId: target.run_id });
    return { run_id: target.run_id };
  }
  const correlationId = target.correlation_id ?? "";
  flock.cancel({ correlationId });
  return { correlation_id: correlationId };
}

/** The message of an unexpected fault stays inside: it may quote what a stranger must not read. */
export function toErrorInfo(cause: unknown): { code: string; message: string } {
  if (cause instanceof FlockError) return { code: cause.code, message: cause.message };
  return { code: "internal", message: "Something broke in the server. The log has the details" };
}
