import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { publishSample, tileOf, tiles } from "./desktop.js";
import { expect, test } from "./surfaces.js";

const NARROW = { width: 380, height: 760 };

/** What lies beyond the left or right edge and cannot be scrolled into sight, and how wide the page is. */
function beyondTheEdge(page: Page): Promise<{ wide: boolean; outside: string[] }> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const scrolls = (element: Element | null): boolean =>
      element !== null &&
      ((/auto|scroll/.test(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth) ||
        scrolls(element.parentElement));
    const open = document.querySelector("dialog[open]") ?? document.body;
    const outside = [...open.querySelectorAll("button, input, select, textarea, a[href], h1, h2, h3")]
      .filter((element) => element.checkVisibility() && !element.closest(".react-flow, .visually-hidden, .skip-link"))
      .filter((element) => {
        const { left, right, width } = element.getBoundingClientRect();
        return width > 1 && (left < -1 || right > innerWidth + 1) && !scrolls(element.parentElement);
      })
      .concat([...open.querySelectorAll(".dialog-title")].filter((title) => title.scrollWidth > title.clientWidth))
      .map((element) => element.getAttribute("aria-label") ?? element.textContent ?? element.tagName);
    return { wide: scrollWidth > clientWidth, outside };
  });
}

test.use({ surface: "Chromium" });

test("a tile that was made wide is as wide as the window, and no other goes beside it", async ({ open }) => {
  const { page } = await open("stages.yaml");
  await publishSample(page);
  await expect(tileOf(page, "editor")).toHaveAttribute("data-state", "done");
  await tileOf(page, "alpha").focus();
  for (const _ of "++") await page.keyboard.press("+");
  const widths = () =>
    tiles(page).evaluateAll((all) => all.map((tile) => Math.round(tile.getBoundingClientRect().width)));
  await expect.poll(async () => new Set(await widths()).size).toBe(2);
  await page.setViewportSize(NARROW);
  await expect.poll(async () => Math.min(...(await widths()))).toBeGreaterThan(NARROW.width * 0.9);
  await page.reload();
  await expect(tiles(page)).toHaveCount(6);
  await expect.poll(async () => Math.min(...(await widths()))).toBeGreaterThan(NARROW.width * 0.9);
});

test("at 380 px everything is there, within reach, and nothing is wider than the page", async ({ open }, info) => {
  test.slow();
  const { page, faults } = await open("stages.yaml");
  await page.setViewportSize(NARROW);
  const fits = async (what: string) => {
    await test.step(what, async () => {
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: info.outputPath(`${what}-${colorScheme}.png`) });
      }
      expect.soft(await beyondTheEdge(page), what).toEqual({ wide: false, outside: [] });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect.soft(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target)}`)).toEqual([]);
    });
  };
  const dialog = page.getByRole("dialog");
  const closed = async () => {
    await dialog.getByRole("button", { name: "Close", exact: true }).click();
    await expect(dialog).toHaveCount(0);
  };

  await fits("welcome");
  await publishSample(page);
  await expect(tileOf(page, "faulty")).toHaveAttribute("data-state", "failed");
  await expect(tileOf(page, "editor")).toHaveAttribute("data-state", "done");
  await fits("deck");
  const widths = await tiles(page).evaluateAll((all) => all.map((tile) => tile.getBoundingClientRect().width));
  expect(new Set(widths.map(Math.round)).size).toBe(1);
  expect(Math.min(...widths)).toBeGreaterThan(NARROW.width * 0.9);
  for (const view of ["graph", "timeline", "board"]) {
    await page.getByTestId(`view-${view}`).click();
    await expect(page.locator(`.${view}`).first()).toBeVisible();
    await fits(view);
  }
  await page.getByTestId("artifact-row").first().click();
  await fits("artifact");
  await closed();

  await page.getByTestId("view-deck").click();
  await page.getByRole("button", { name: "More for alpha" }).click();
  await fits("menu");
  await page.getByRole("menuitem", { name: "Open full screen" }).click();
  await dialog.getByRole("button", { name: "Timings" }).click();
  await fits("full-screen");
  await closed();
  for (const agent of ["alpha", "beta"]) {
    await page.getByRole("button", { name: `More for ${agent}` }).click();
    await page.getByRole("menuitemcheckbox", { name: /^Compare/ }).click();
  }
  await page.getByRole("button", { name: "Compare 2" }).click();
  await fits("compare");
  await closed();
  await page.getByRole("button", { name: "Publish" }).click();
  await fits("publish");
  await closed();
  await page.getByRole("button", { name: "Settings" }).click();
  await fits("settings");
  await dialog.getByRole("button", { name: "Wall" }).click();
  await closed();
  await fits("wall");
  await page.getByRole("button", { name: "Open the command palette" }).click();
  await fits("palette");
  await dialog.getByRole("combobox").fill("Shortcuts");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Shortcuts" })).toBeVisible();
  await fits("shortcuts");
  await closed();
  await page.context().setOffline(true);
  await expect(page.getByTestId("connection-state")).toHaveAttribute("data-state", "offline");
  await fits("offline");
  await page.context().setOffline(false);
  expect(faults.filter((fault) => !/ERR_INTERNET_DISCONNECTED/.test(fault))).toEqual([]);
});
