import type { Page } from "@playwright/test";
import { check } from "./axe.js";
import { publishSample, tileOf } from "./desktop.js";
import { expect, onBothSurfaces, test } from "./surfaces.js";

/** Publishes the stages and waits until everything that ends by itself has ended. */
async function settled(page: Page): Promise<void> {
  await publishSample(page);
  await expect(tileOf(page, "editor")).toHaveAttribute("data-state", "done");
  await expect(tileOf(page, "faulty")).toHaveAttribute("data-state", "failed");
  await expect(tileOf(page, "patient")).toHaveAttribute("data-state", "live");
}

onBothSurfaces(() => {
  test("axe finds nothing in any view, in any look", async ({ open }, info) => {
    test.slow();
    const { page, faults } = await open("stages.yaml");
    const picture = (name: string) => info.outputPath(name);
    await check(page, "welcome", picture);
    await settled(page);
    await check(page, "deck", picture);
    await page.getByRole("button", { name: "Wall density" }).click();
    await check(page, "wall", picture);
    await page.getByRole("button", { name: "Compact density" }).click();
    await publishSample(page);
    await check(page, "two workflows", picture);
    for (const view of ["graph", "timeline", "board"]) {
      await page.getByTestId(`view-${view}`).click();
      await expect(page.locator(`.${view}`).first()).toBeVisible();
      await check(page, view, picture);
    }
    expect(faults).toEqual([]);
  });

  test("axe finds nothing in any dialog or menu, in any look", async ({ open, surface }, info) => {
    test.slow();
    const { page, faults } = await open("stages.yaml");
    const picture = (name: string) => info.outputPath(name);
    await settled(page);
    const dialog = page.getByRole("dialog");
    const closed = async () => {
      await page.keyboard.press("Escape");
      await expect(dialog).toHaveCount(0);
    };

    await page.getByTestId("publish-button").click();
    await expect(dialog).toBeVisible();
    await check(page, "publish", picture);
    await page.getByRole("button", { name: "As JSON" }).click();
    await page.getByLabel("Topic as JSON").fill("{");
    await page.getByTestId("publish-submit").click();
    await expect(page.getByText("This is not JSON")).toBeVisible();
    await check(page, "publish refused", picture);
    await closed();

    await page.getByRole("button", { name: "Settings" }).click();
    await check(page, "settings", picture);
    await closed();

    await page.keyboard.press("Control+k");
    await expect(page.getByRole("dialog", { name: "Command palette" })).toBeVisible();
    await check(page, "palette", picture);
    await closed();

    await page.keyboard.press("?");
    await expect(dialog).toBeVisible();
    await check(page, "shortcuts", picture);
    await closed();

    await tileOf(page, "alpha").focus();
    await page.keyboard.press("x");
    await tileOf(page, "beta").focus();
    await page.keyboard.press("x");
    await page.getByRole("button", { name: "Compare 2" }).click();
    await expect(dialog).toBeVisible();
    await check(page, "compare", picture);
    await closed();

    await tileOf(page, "faulty").focus();
    await page.keyboard.press("Enter");
    await dialog.getByRole("button", { name: "Timings" }).click();
    await check(page, "full screen", picture);
    await dialog.getByRole("button", { name: "Find in stream" }).click();
    await dialog.getByRole("button", { name: "Raw" }).click();
    await check(page, "full screen raw", picture);
    await page.getByLabel("Find in this stream").press("Escape");
    await closed();

    await page.getByTestId("artifact-row").first().click();
    await expect(dialog).toBeVisible();
    await check(page, "artifact", picture);
    await closed();

    await page.getByRole("button", { name: "More for patient" }).click();
    await check(page, "tile menu", picture);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Arrange" }).click();
    await check(page, "arrange menu", picture);
    await page.keyboard.press("Escape");
    if (surface === "window") {
      await page.getByRole("button", { name: /^Remote/ }).click();
      await check(page, "remote", picture);
      await dialog.getByLabel("Port").fill("0");
      await dialog.getByRole("button", { name: "Start" }).click();
      await expect(dialog.getByRole("img", { name: "QR code of the watch link" })).toBeVisible();
      await check(page, "remote on", picture);
      await closed();
    }
    expect(faults).toEqual([]);
  });
});
