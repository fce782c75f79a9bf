import type { Page } from "@playwright/test";
import { publishSample, sampleTiles, tileOf, tiles } from "./desktop.js";
import { expect, onBothSurfaces, test } from "./surfaces.js";

const order = async (page: Page) => (await sampleTiles(page)).map(({ agent }) => agent);

async function boxOf(page: Page, agent: string) {
  const box = await tileOf(page, agent).boundingBox();
  if (box === null) throw new Error(`${agent} is not on the screen`);
  return box;
}

/** Publishes the stages and waits until everything that ends by itself has ended. */
async function settled(page: Page): Promise<void> {
  await publishSample(page);
  await expect(tileOf(page, "editor")).toHaveAttribute("data-state", "done");
  await expect(tileOf(page, "faulty")).toHaveAttribute("data-state", "failed");
  await expect(tileOf(page, "patient")).toHaveAttribute("data-state", "live");
}

async function arrange(page: Page, entry: string): Promise<void> {
  await page.getByRole("button", { name: "Arrange" }).click();
  await page.getByRole("menu", { name: "Arrange tiles" }).getByText(entry, { exact: true }).click();
}

async function filterBy(page: Page, entry: string): Promise<void> {
  const name = "Filter by state, agent or workflow";
  await page.getByRole("button", { name }).click();
  await page.getByRole("menu", { name }).getByRole("menuitemcheckbox").filter({ hasText: entry }).first().click();
}

onBothSurfaces(() => {
  test("tiles are pinned, moved, resized and hidden, and the places are remembered", async ({ open }) => {
    const { page, faults } = await open("stages.yaml");
    await settled(page);
    expect(await order(page)).toEqual(["alpha", "beta", "editor", "faulty", "patient", "archivist"]);

    await tileOf(page, "beta").hover();
    await page.getByRole("button", { name: "More for beta" }).click();
    await page.getByRole("menuitemcheckbox", { name: /Pinned first/ }).click();
    await expect.poll(() => order(page)).toEqual(["beta", "alpha", "editor", "faulty", "patient", "archivist"]);
    await expect(tileOf(page, "beta").getByText("pinned")).toBeVisible();

    await tileOf(page, "faulty").focus();
    await page.keyboard.press("[");
    await expect.poll(() => order(page)).toEqual(["beta", "alpha", "faulty", "editor", "patient", "archivist"]);
    await expect(tileOf(page, "faulty")).toBeFocused();

    await tileOf(page, "patient").locator(".stream-title").dragTo(tileOf(page, "alpha"));
    const moved = ["beta", "patient", "alpha", "faulty", "editor", "archivist"];
    await expect.poll(() => order(page)).toEqual(moved);

    const before = await boxOf(page, "alpha");
    await tileOf(page, "alpha").focus();
    await page.keyboard.press("+");
    await expect.poll(async () => (await boxOf(page, "alpha")).width / before.width).toBeGreaterThan(1.9);

    const short = await boxOf(page, "faulty");
    await page.mouse.move(short.x + short.width - 4, short.y + short.height - 4);
    await page.mouse.down();
    await page.mouse.move(short.x + short.width - 4, short.y + short.height * 1.9, { steps: 4 });
    await page.mouse.up();
    await expect.poll(async () => (await boxOf(page, "faulty")).height / short.height).toBeGreaterThan(1.9);

    await tileOf(page, "editor").focus();
    await page.keyboard.press("h");
    await expect(tileOf(page, "editor")).toHaveCount(0);
    await expect(page.getByRole("button", { name: "1 tile hidden · show" })).toBeVisible();

    await page.reload();
    await expect.poll(() => order(page)).toEqual(moved.filter((agent) => agent !== "editor"));
    expect((await boxOf(page, "alpha")).width / before.width).toBeGreaterThan(1.9);
    expect((await boxOf(page, "faulty")).height / short.height).toBeGreaterThan(1.9);

    await page.getByRole("button", { name: "1 tile hidden · show" }).click();
    await expect(tileOf(page, "editor")).toHaveCount(1);
    await arrange(page, "Forget my arrangement");
    await expect.poll(() => order(page)).toEqual(["alpha", "beta", "editor", "faulty", "patient", "archivist"]);
    expect(faults).toEqual([]);
  });

  test("tiles are grouped and filtered by text, state, agent and workflow; finished ones fold away", async ({
    open,
  }) => {
    const { page } = await open("stages.yaml");
    await settled(page);

    await page.getByLabel("Filter tiles by name, model or text").fill("notes of the beta");
    await expect.poll(() => order(page)).toEqual(["beta"]);
    await page.getByLabel("Filter tiles by name, model or text").fill("no tile says this");
    await expect(page.getByText("No tile matches")).toBeVisible();
    await page.getByRole("button", { name: "Show all" }).click();
    await expect(tiles(page)).toHaveCount(6);

    await filterBy(page, "Failed");
    await expect.poll(() => order(page)).toEqual(["faulty"]);
    await filterBy(page, "Live");
    await expect.poll(() => order(page)).toEqual(["patient"]);
    await filterBy(page, "All states");
    await filterBy(page, "editor");
    await expect.poll(() => order(page)).toEqual(["editor"]);
    await filterBy(page, "All agents");

    await arrange(page, "Fold finished tiles away");
    await expect.poll(() => order(page)).toEqual(["faulty", "patient", "archivist"]);
    await page.getByRole("button", { name: "3 finished tiles folded away · show" }).click();
    await expect(tiles(page)).toHaveCount(6);

    await publishSample(page);
    await expect(tiles(page)).toHaveCount(12);
    await expect(page.getByRole("heading", { name: "Topic: The tide tables" })).toHaveCount(2);
    await filterBy(page, "The tide tables");
    await expect(tiles(page)).toHaveCount(6);
    await filterBy(page, "All workflows");

    await arrange(page, "By agent");
    await expect(page.getByRole("heading", { name: "alpha" }).first()).toBeVisible();
    await expect(page.locator(".group-note").first()).toHaveText("2 streams");
    expect((await order(page)).slice(0, 4)).toEqual(["alpha", "alpha", "beta", "beta"]);
    await arrange(page, "Not at all");
    await expect(page.locator(".deck-group")).toHaveCount(1);
  });

  test("density goes from reading to a wall by one control and by Ctrl and the wheel", async ({ open }) => {
    const { page } = await open("stages.yaml");
    await settled(page);
    const deck = page.locator(".deck");
    await expect(deck).toHaveAttribute("data-density", "reading");
    const reading = await boxOf(page, "patient");

    await tileOf(page, "patient").hover();
    await page.keyboard.down("Control");
    for (const density of ["comfortable", "compact", "wall"]) {
      await page.mouse.wheel(0, 60);
      await expect(deck).toHaveAttribute("data-density", density);
    }
    await page.keyboard.up("Control");

    const small = await boxOf(page, "patient");
    expect((small.width * small.height) / (reading.width * reading.height)).toBeLessThan(0.25);
    const tile = tileOf(page, "patient");
    await expect(tile.locator(".stream-agent")).toHaveText("patient");
    await expect(tile.getByRole("img", { name: "live" })).toBeVisible();
    const bars = tile.locator(".sparkline");
    await expect
      .poll(() => bars.evaluate((line) => getComputedStyle(line).backgroundImage.split("linear-gradient(").length - 1))
      .toBeGreaterThan(2);
    const line = await tile.getByTestId("stream-text").textContent();
    expect(line).not.toBe("");
    await expect(tile.getByTestId("stream-text")).not.toHaveText(line ?? "");
    await expect(tileOf(page, "faulty").getByText("failed")).toBeVisible();

    await page.getByRole("button", { name: "Reading density" }).click();
    await expect(deck).toHaveAttribute("data-density", "reading");
    await page.getByRole("button", { name: "Compact density" }).click();
    await page.reload();
    await expect(deck).toHaveAttribute("data-density", "compact");
  });
});
