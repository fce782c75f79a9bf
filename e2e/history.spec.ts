import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { check } from "./axe.js";
import { expect, flockFile, publishSample, sampleTiles, test, tileOf, tiles } from "./desktop.js";

let folder: string;
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "flockdeck-history-"));
});
test.afterEach(() => rm(folder, { recursive: true, force: true }));

async function openHistory(page: Page): Promise<void> {
  await page.getByTestId("flock-name").click();
  await page.getByRole("menuitem", { name: "Earlier sessions" }).click();
}

/** What is shown once it has come to rest: text is drawn some frames after it has come. */
async function atRest<Shown>(read: () => Promise<Shown>): Promise<Shown> {
  let shown = await read();
  await expect
    .poll(async () => {
      const before = JSON.stringify(shown);
      shown = await read();
      return JSON.stringify(shown) === before;
    })
    .toBe(true);
  return shown;
}

const texts = (page: Page) =>
  tiles(page, "done").evaluateAll((all) =>
    all.map((tile) => [tile.dataset.agent, tile.querySelector('[data-testid="stream-text"]')?.textContent]).sort(),
  );

test("what ran yesterday is replayed today, at any speed, from any moment, and can be deleted", async ({
  launch,
}, info) => {
  const env = { FLOCKDECK_HISTORY: folder };
  const first = await launch({ args: [flockFile("replay.yaml")], env });
  await openHistory(first.page);
  await expect(first.page.getByText("Nothing has been recorded yet.")).toBeVisible();
  await first.page.keyboard.press("Escape");
  await publishSample(first.page);
  await expect(tiles(first.page, "done")).toHaveCount(2, { timeout: 60_000 });
  await expect(tiles(first.page, "failed")).toHaveCount(1);
  const written = await atRest(() => texts(first.page));
  await first.close();
  expect((await readdir(folder)).filter((name) => !name.endsWith(".flockdeck.db"))).toEqual([]);

  const { page, faults } = await launch({ env });
  await expect(page.getByTestId("flock-name")).toHaveText("Newsroom");
  await openHistory(page);
  await expect(page.getByTestId("recording")).toHaveCount(1);
  await check(page, "sessions", (name) => info.outputPath(name));

  await test.step("it plays as it ran", async () => {
    await page.getByRole("button", { name: /^Replay Yesterday/ }).click();
    await expect(page.getByTestId("replay")).toBeVisible();
    await expect(page.getByTestId("flock-name")).toHaveText("Yesterday");
    await expect(tiles(page, "live").first()).toBeVisible();
  });

  await test.step("nothing of it can be steered as if it ran", async () => {
    await expect(page.getByTestId("publish-button")).toHaveCount(0);
    await expect(page.getByTestId("stream-stop")).toHaveCount(0);
  });

  await test.step("paused, it stands still and nothing is called stalled", async () => {
    await page.getByRole("button", { name: "Pause" }).click();
    await expect(page.getByRole("button", { name: "Play", exact: true })).toBeVisible();
    const paused = await atRest(() => sampleTiles(page));
    await check(page, "replay", (name) => info.outputPath(name));
    expect(await sampleTiles(page)).toEqual(paused);
  });

  await test.step("to the end, everything is there, unit for unit", async () => {
    const position = page.getByRole("slider", { name: "Position in the recording" });
    await position.focus();
    await page.keyboard.press("End");
    await expect(tiles(page, "done")).toHaveCount(2);
    await expect.poll(() => texts(page)).toEqual(written);
    await page.keyboard.press("Home");
    await expect(tiles(page, "done")).toHaveCount(0);
  });

  await test.step("faster, it comes to its end by itself", async () => {
    await page.getByRole("button", { name: "64×" }).click();
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await expect(tiles(page, "done")).toHaveCount(2);
    await expect(page.getByRole("button", { name: "Play again" })).toBeVisible();
    await expect.poll(() => texts(page)).toEqual(written);
  });

  await test.step("the open flock is as it was", async () => {
    await page.getByRole("button", { name: "Leave the replay" }).click();
    await expect(page.getByTestId("replay")).toHaveCount(0);
    await expect(page.getByTestId("flock-name")).toHaveText("Newsroom");
    await publishSample(page);
    await expect(tileOf(page, "poet")).toBeVisible();
  });

  await test.step("deleted, after a question, it is gone; what is being recorded stays", async () => {
    await openHistory(page);
    const recordings = page.getByTestId("recording");
    await expect(recordings).toHaveCount(2);
    await expect(recordings.filter({ hasText: "Newsroom" })).toContainText("still going on");
    await expect(recordings.filter({ hasText: "Newsroom" }).getByRole("button", { name: /^Delete/ })).toHaveCount(0);
    await page.getByRole("button", { name: /^Delete Yesterday/ }).click();
    await page.getByRole("button", { name: "Keep" }).click();
    await page.getByRole("button", { name: /^Delete Yesterday/ }).click();
    await page.getByRole("button", { name: "Delete for good" }).click();
    await expect(recordings).toHaveCount(1);
    expect((await readdir(folder)).some((name) => name.includes("yesterday"))).toBe(false);
  });

  await test.step("switched off, nothing more is recorded, and what was stays", async () => {
    const newsroom = page.getByTestId("recording").filter({ hasText: "Newsroom" });
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Settings" }).click();
    // The box shows what the main process has taken over, so it is not `uncheck`, which looks at once.
    await page.getByLabel("Record what runs").click();
    await expect(page.getByLabel("Record what runs")).not.toBeChecked();
    await page.keyboard.press("Escape");
    await openHistory(page);
    await expect(newsroom).not.toContainText("still going on");
    const kept = await newsroom.textContent();
    await page.keyboard.press("Escape");
    await publishSample(page);
    await expect(tiles(page)).toHaveCount(24);
    await openHistory(page);
    await expect(newsroom).toHaveText(String(kept));
  });
  expect(faults).toEqual([]);
});
