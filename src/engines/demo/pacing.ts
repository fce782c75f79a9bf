import type { RunContext } from "../../core/context.js";
import { cancelled } from "../cancelled.js";
import type { TextReader } from "./text-reader.js";
import { type TickerJob, tickerOf } from "./ticker.js";

export interface Pace {
  /** Tokens a second; 0 is as fast as possible. */
  readonly tps: number;
  /** UTF-16 units of a token. */
  readonly chunk: number;
}

/** So much goes out in one turn when there is no rate; other streams and cancels get their turns between. */
const BURST_UNITS = 65_536;

/**
 * Appends the text to the context's stream, the first token at once, token number n after n / tps seconds whatever
 * the timers do, and resolves when the last token's time is over too: after tokens / tps seconds.
 * Rejects with `FlockError` (`cancelled`) soon after the context's signal aborts.
 */
export async function streamPaced(context: RunContext, text: TextReader, pace: Pace): Promise<void> {
  if (context.signal.aborted) throw cancelled(context.signal);
  if (text.length === 0) return;
  if (pace.tps === 0 && text.length <= BURST_UNITS) {
    context.stream.append(text.readTo(text.length));
    return;
  }
  const schedule = pace.tps === 0 ? { perMs: BURST_UNITS, step: BURST_UNITS } : stepsOf(pace);
  await new Promise<void>((resolve, reject) => {
    const ticker = tickerOf(context.clock);
    const steps = Math.ceil(text.length / schedule.step);
    const stepMs = schedule.step / schedule.perMs;
    let start = context.clock.now();
    let emitted = 0;

    const end = (settle: () => void) => {
      job.due = Number.POSITIVE_INFINITY;
      ticker.remove(job);
      context.signal.removeEventListener("abort", onAbort);
      settle();
    };
    const onAbort = () => end(() => reject(cancelled(context.signal)));
    const job: TickerJob = {
      due: start,
      run(now) {
        const passed = Math.floor((now - start) / stepMs);
        if (passed >= steps && emitted === steps) return end(resolve);
        emitted = Math.min(steps, passed + 1);
        try {
          const part = text.readTo(emitted * schedule.step);
          if (part !== "") context.stream.append(part);
        } catch (fault) {
          return end(() => reject(fault));
        }
        if (passed >= steps) return end(resolve);
        job.due = start + Math.max(emitted, passed + 1) * stepMs;
      },
      shift(ms) {
        start -= ms;
        job.due -= ms;
      },
    };
    context.signal.addEventListener("abort", onAbort, { once: true });
    job.run(start);
    if (job.due !== Number.POSITIVE_INFINITY) ticker.add(job);
  });
}

function stepsOf(pace: Pace): { perMs: number; step: number } {
  return { perMs: (pace.tps * pace.chunk) / 1000, step: pace.chunk };
}
