import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.{ts,tsx}", "scripts/**/*.test.ts", "e2e/contract/**/*.test.ts"],
    testTimeout: 20_000,
    // The machines have two cores; forks keep timers of one file out of another's.
    pool: "forks",
    setupFiles: [],
  },
});
