import { Cron } from "croner";
import type { Agent } from "./agent.js";
import type { Clock } from "./clock.js";
import { FlockError } from "./errors.js";
import type { Schedule } from "./schedule.js";

/** When the schedule is next due, in milliseconds since 1970; undefined when it is over. */
type NextDue = (now: number) => number | undefined;

/** Throws `invalid_request` for a schedule that makes no sense. */
export function checkSchedule(agentName: string, schedule: Schedule): void {
  if (typeof schedule !== "object" || schedule === null || !FORMS.some((form) => form in schedule))
    throw new FlockError(
      "invalid_request",
      `${agentName}: a schedule is { every: milliseconds }, { at: time } or { cron: "0 8 * * *", timezone: "Europe/Berlin" }`,
    );
  nextDueOf(agentName, schedule, 0);
}

const FORMS = ["every", "at", "cron"] as const;

function nextDueOf(agentName: string, schedule: Schedule, start: number): NextDue {
  if ("every" in schedule) {
    const { every } = schedule;
    if (!(every > 0 && Number.isFinite(every)))
      throw new FlockError("invalid_request", `${agentName}: schedule.every must be above 0`);
    return (now) => start + (Math.floor((now - start) / every) + 1) * every;
  }
  if ("at" in schedule) {
    const at = Number(schedule.at);
    if (!Number.isFinite(at)) throw new FlockError("invalid_request", `${agentName}: schedule.at is not a time`);
    let due: number | undefined = at;
    return () => {
      const once = due;
      due = undefined;
      return once;
    };
  }
  const cron = parseCron(agentName, schedule.cron, schedule.timezone);
  return (now) => cron.nextRun(new Date(now))?.getTime();
}

function parseCron(agentName: string, pattern: string, timezone: string | undefined): Cron {
  if (timezone !== undefined && !isTimeZone(timezone))
    throw new FlockError(
      "invalid_request",
      `${agentName}: schedule.timezone: there is no time zone "${timezone}". Name one such as "Europe/Berlin"`,
    );
  try {
    const cron = new Cron(pattern, { ...(timezone !== undefined && { timezone }) });
    if (cron.nextRun(new Date(0)) === null) throw new Error(`"${pattern}" never comes`);
    return cron;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FlockError("invalid_request", `${agentName}: schedule.cron: ${reason}`, { cause: error });
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Sets agents off by the clock. */
export class ScheduleBook {
  readonly #clock: Clock;
  readonly #trigger: (agent: Agent, schedule: Schedule) => void;
  readonly #timers = new Set<unknown>();
  #stopped = false;

  constructor(clock: Clock, trigger: (agent: Agent, schedule: Schedule) => void) {
    this.#clock = clock;
    this.#trigger = trigger;
  }

  /** Whether any schedule is still to come due. */
  get active(): boolean {
    return this.#timers.size > 0;
  }

  start(agent: Agent, schedule: Schedule): void {
    this.#arm(agent, schedule, nextDueOf(agent.name, schedule, this.#clock.now()));
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) this.#clock.clearTimeout(timer);
    this.#timers.clear();
  }

  #arm(agent: Agent, schedule: Schedule, nextDue: NextDue): void {
    const due = nextDue(this.#clock.now());
    if (due === undefined || this.#stopped) return;
    const wait = Math.max(0, due - this.#clock.now());
    const timer = this.#clock.setTimeout(() => {
      this.#timers.delete(timer);
      this.#trigger(agent, schedule);
      this.#arm(agent, schedule, nextDue);
    }, wait);
    this.#timers.add(timer);
  }
}
