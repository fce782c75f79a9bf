import { Cron } from "croner";
import type { ScheduleDefinition } from "./definition.js";
import { readDuration } from "./read-consumes.js";
import type { Scope } from "./scope.js";
import type { Field } from "./source.js";

const HINT = "Write { every: 5m }, { at: 2030-01-31T08:00:00Z } or { cron: 0 8 * * 1-5 }.";

/** `schedule:` → one of every, at, cron. */
export function readSchedule(scope: Scope, field: Field | undefined): ScheduleDefinition | undefined {
  if (field === undefined) return undefined;
  const { source } = scope;
  const fields = source.fields(field, "schedule", ["every", "at", "cron"]);
  if (fields === undefined) return undefined;
  if ([fields.every, fields.at, fields.cron].filter((kind) => kind !== undefined).length !== 1) {
    source.faults.error(field.place, "schedule needs exactly one of every, at and cron.", HINT);
    return undefined;
  }
  if (fields.every !== undefined) {
    const everyMs = readDuration(scope, fields.every, "every");
    return everyMs === undefined ? undefined : { everyMs };
  }
  if (fields.at !== undefined) {
    const at = source.text(fields.at, "at", HINT);
    if (at === undefined) return undefined;
    const daily = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(at);
    if (daily !== null) return { cron: `${Number(daily[2])} ${Number(daily[1])} * * *` };
    const time = Date.parse(at);
    if (!Number.isNaN(time)) return { at: time };
    source.faults.error(
      fields.at.place,
      `"${at}" is not a time.`,
      "Write a date and time like 2030-01-31T08:00:00Z, or a daily 08:00.",
    );
    return undefined;
  }
  const cron = source.text(fields.cron, "cron", HINT);
  if (cron === undefined) return undefined;
  try {
    new Cron(cron, { paused: true });
    return { cron };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    source.faults.error(fields.cron?.place, `"${cron}" is not a cron pattern: ${reason}.`, HINT);
    return undefined;
  }
}
