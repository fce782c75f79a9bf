import { defineConfig } from "@playwright/test";

// No test leaves a recording in the home of whoever runs it; those about the history name a folder.
process.env.FLOCKDECK_HISTORY ??= "off";

export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  outputDir: "test-results/e2e",
  globalSetup: "./e2e/global-setup.ts",
  // Playwright now and then misses that an Electron has started, and is given 15 s to notice: see e2e/desktop.ts.
  timeout: 150_000,
  expect: { timeout: 15_000 },
  // Each test has a window of its own, and the machines have two cores: side by side they would measure each other.
  workers: 1,
  reporter: [["list"]],
  use: { trace: "off", screenshot: "only-on-failure" },
});
