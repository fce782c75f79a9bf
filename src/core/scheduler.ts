import type { Agent } from "./agent.js";
import type { Run } from "./run.js";

/** Waiting runs, higher priority first, then in the order of arrival. */
class WaitingRuns {
  readonly #byPriority = new Map<number, { runs: Run[]; next: number }>();
  #priorities: number[] = [];

  push(run: Run): void {
    const lane = this.#byPriority.get(run.priority);
    if (lane) lane.runs.push(run);
    else {
      this.#byPriority.set(run.priority, { runs: [run], next: 0 });
      this.#priorities = [...this.#byPriority.keys()].sort((a, b) => b - a);
    }
  }

  /** The first that was not cancelled while waiting. */
  peek(): Run | undefined {
    for (const priority of this.#priorities) {
      const lane = this.#byPriority.get(priority);
      if (!lane) continue;
      for (; lane.next < lane.runs.length; lane.next++) {
        const run = lane.runs[lane.next];
        if (run && !run.cancellation.signal.aborted) return run;
      }
      lane.runs = [];
      lane.next = 0;
    }
    return undefined;
  }

  take(): Run | undefined {
    const run = this.peek();
    if (!run) return undefined;
    const lane = this.#byPriority.get(run.priority);
    if (!lane) return undefined;
    lane.next++;
    if (lane.next > 1_000 && lane.next * 2 > lane.runs.length) {
      lane.runs = lane.runs.slice(lane.next);
      lane.next = 0;
    }
    return run;
  }
}

interface Lane {
  running: number;
  readonly waiting: WaitingRuns;
}

/** Starts runs within the limits: per agent, and over all. */
export class Scheduler {
  readonly #limit: number;
  readonly #start: (run: Run) => Promise<void>;
  readonly #lanes = new Map<Agent, Lane>();
  /** Agents that have runs waiting, in the order in which they began to wait. */
  readonly #starved = new Set<Agent>();
  #running = 0;

  constructor(limit: number, start: (run: Run) => Promise<void>) {
    this.#limit = limit;
    this.#start = start;
  }

  submit(run: Run): void {
    const lane = this.#laneOf(run.agent);
    if (this.#running < this.#limit && lane.running < run.agent.maxConcurrency) this.#launch(run, lane);
    else {
      lane.waiting.push(run);
      this.#starved.add(run.agent);
    }
  }

  #launch(run: Run, lane: Lane): void {
    this.#running++;
    lane.running++;
    run.started = true;
    void this.#start(run).then(() => {
      this.#running--;
      lane.running--;
      this.#fill(run.agent, lane);
    });
  }

  #fill(freed: Agent, lane: Lane): void {
    if (this.#limit === Number.POSITIVE_INFINITY) {
      this.#fillLane(freed, lane);
      return;
    }
    for (let next = this.#mostUrgent(); next !== undefined; next = this.#mostUrgent()) {
      const run = next.waiting.take();
      if (run) this.#launch(run, next);
    }
  }

  #fillLane(agent: Agent, lane: Lane): void {
    while (lane.running < agent.maxConcurrency) {
      const run = lane.waiting.take();
      if (!run) {
        this.#starved.delete(agent);
        return;
      }
      this.#launch(run, lane);
    }
  }

  /** The lane whose next run has the highest priority; among equals the one that has waited longest. */
  #mostUrgent(): Lane | undefined {
    if (this.#running >= this.#limit) return undefined;
    let best: { lane: Lane; priority: number; agent: Agent } | undefined;
    for (const agent of [...this.#starved]) {
      const lane = this.#laneOf(agent);
      const run = lane.waiting.peek();
      if (!run) this.#starved.delete(agent);
      else if (lane.running < agent.maxConcurrency && (!best || run.priority > best.priority))
        best = { lane, priority: run.priority, agent };
    }
    if (best) {
      // To the back of the line, so that equals take turns.
      this.#starved.delete(best.agent);
      this.#starved.add(best.agent);
    }
    return best?.lane;
  }

  #laneOf(agent: Agent): Lane {
    const known = this.#lanes.get(agent);
    if (known) return known;
    const lane = { running: 0, waiting: new WaitingRuns() };
    this.#lanes.set(agent, lane);
    return lane;
  }
}
