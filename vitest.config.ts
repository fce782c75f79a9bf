import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.{ts,tsx}", "scripts/**/*.test.ts", "e2e/contract/**/*.test.ts"],
    testTimeout: 20_000,
    // The machines have two cores; forks keep timers of one file out of another's.
    pool: "forks",
    // Most tests wait more than they compute: on two cores, two at a time take 0.6 of the time of one.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    setupFiles: [],
    // No test leaves a recording in the home of whoever runs it; those about the history name a folder.
    env: { FLOCKDECK_HISTORY: "off" },
  },
});
