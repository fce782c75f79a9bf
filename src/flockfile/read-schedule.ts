import { Cron } from "croner";
import type { ScheduleDefinition } from "./definition.js";
import { readDuration } from "./read-consumes.js";
import type { Scope } from "./scope.js";
import type { Field, Source } from "./source.js";

const HINT = "Write { every: 5m }, { at: 2030-01-31T08:00:00Z } or { cron: 0 8 * * 1-5 }.";
const DAILY = /^([01]?\d|2[0-3]):([0-5]\d)$/;

/** `schedule:` → one of every, at, cron. */
export function readSchedule(scope: Scope, field: Field | undefined): ScheduleDefinition | undefined {
  if (field === undefined) return undefined;
  const { source } = scope;
  const fields = source.fields(field, "schedule", ["every", "at", "cron", "timezone"]);
  if (fields === undefined) return undefined;
  const timezone = readTimezone(source, fields.timezone);
  if ([fields.every, fields.at, fields.cron].filter((kind) => kind !== undefined).length !== 1) {
    source.faults.error(field.place, "schedule needs exactly one of every, at and cron.", HINT);
    return undefined;
  }
  const schedule =
    fields.every !== undefined
      ? readEvery(scope, fields.every)
      : fields.at !== undefined
        ? readAt(scope, fields.at)
        : readCron(source, fields.cron);
  if (fields.timezone === undefined || schedule === undefined) return schedule;
  if ("cron" in schedule) return { ...schedule, ...(timezone !== undefined && { timezone }) };
  source.faults.error(
    fields.timezone.place,
    "timezone goes with cron, and with a daily time.",
    "A date and time has its own: 2030-01-31T08:00:00+01:00.",
  );
  return undefined;
}

function readTimezone(source: Source, field: Field | undefined): string | undefined {
  const timezone = source.text(field, "timezone", "For example Europe/Berlin.");
  if (timezone === undefined) return undefined;
  try {
    new Intl.DateTimeFormat("en", { timeZone: timezone });
    return timezone;
  } catch {
    source.faults.error(field?.place, `There is no time zone "${timezone}".`, "For example Europe/Berlin or UTC.");
    return undefined;
  }
}

function readEvery(scope: Scope, field: Field): ScheduleDefinition | undefined {
  const everyMs = readDuration(scope, field, "every");
  return everyMs === undefined ? undefined : { everyMs };
}

function readAt({ source, now }: Scope, field: Field): ScheduleDefinition | undefined {
  const text = source.text(field, "at", HINT);
  if (text === undefined) return undefined;
  const daily = DAILY.exec(text);
  if (daily !== null) return { cron: `${Number(daily[2])} ${Number(daily[1])} * * *` };
  const at = Date.parse(text);
  if (Number.isNaN(at)) {
    source.faults.error(
      field.place,
      `"${text}" is not a time.`,
      "Write a date and time like 2030-01-31T08:00:00Z, or a daily 08:00.",
    );
    return undefined;
  }
  if (at < now)
    source.faults.warning(
      field.place,
      `${text} is over, so the agent runs as soon as the flock does.`,
      "Write a later time.",
    );
  return { at };
}

function readCron(source: Source, field: Field | undefined): ScheduleDefinition | undefined {
  const cron = source.text(field, "cron", HINT);
  if (cron === undefined) return undefined;
  const reason = cronFault(cron);
  if (reason === undefined) return { cron };
  source.faults.error(field?.place, reason, HINT);
  return undefined;
}

/** What the orchestrator would refuse, too. */
function cronFault(pattern: string): string | undefined {
  try {
    const next = new Cron(pattern, { paused: true }).nextRun(new Date(0));
    return next === null ? `"${pattern}" never comes.` : undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^CronPattern: /, "") : String(error);
    return `"${pattern}" is not a cron pattern: ${reason.replace(/\.$/, "")}.`;
  }
}
