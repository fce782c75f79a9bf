import type { Locator, Page } from "@playwright/test";
import { publishSample, tileOf, tiles } from "./desktop.js";
import { expect, onBothSurfaces, test } from "./surfaces.js";

interface Focus {
  readonly what: string;
  /** Whether it is inside the text of a stream. */
  readonly inText: boolean;
  /** Whether at least a line of it is seen, and not cut off by what is around it. */
  readonly inSight: boolean;
}

const LINE_PX = 16;

const focus = (page: Page): Promise<Focus> =>
  page.evaluate((line) => {
    const element = document.activeElement ?? document.body;
    const rect = element.getBoundingClientRect();
    const view = element.parentElement?.closest('[data-testid="stream-text"]');
    const box = view?.getBoundingClientRect() ?? new DOMRect(0, 0, innerWidth, innerHeight);
    const seen = Math.min(rect.bottom, box.bottom, innerHeight) - Math.max(rect.top, box.top, 0);
    return {
      what: element.outerHTML.slice(0, 80),
      inText: view != null,
      inSight: rect.width > 0 && seen >= Math.min(rect.height, line),
    };
  }, LINE_PX);

const length = (tile: Locator) => tile.evaluate((element) => Number(element.dataset.length));

onBothSurfaces(() => {
  test("Tab never leads to what is out of sight, however the text around it grows", async ({ open }) => {
    const { page } = await open("reading.yaml");
    await publishSample(page);
    const tile = tileOf(page, "chronicler");
    const text = tile.getByTestId("stream-text");
    await expect.poll(() => length(tile), { timeout: 30_000 }).toBeGreaterThan(3_000);
    await expect(text).toHaveAttribute("data-scrolls", "false");
    await tile.focus();
    let inText = 0;
    for (let presses = 0; presses < 30 && inText < 4; presses += 1) {
      await page.keyboard.press("Tab");
      await expect.poll(() => focus(page)).toMatchObject({ inSight: true });
      const now = await focus(page);
      if (now.inText) inText += 1;
    }
    expect(inText).toBe(4);
    await expect(text).toHaveAttribute("data-scrolls", "true");
    const before = await length(tile);
    await expect.poll(() => length(tile)).toBeGreaterThan(before + 400);
    expect(await focus(page)).toMatchObject({ inText: true, inSight: true });
    await expect(page.locator(".deck")).toHaveJSProperty("scrollTop", 0);

    // The focus goes elsewhere: the text is followed again.
    await page.getByTestId("view-deck").focus();
    await expect(text).toHaveAttribute("data-scrolls", "false");
    await expect(tiles(page, "live")).not.toHaveCount(0);
  });
});

test.describe("Chromium", () => {
  test.use({ surface: "Chromium" });

  test("at 380 px the last of the artifacts is brought into sight", async ({ open }) => {
    const { page } = await open("stages.yaml");
    await publishSample(page);
    await expect(tileOf(page, "editor")).toHaveAttribute("data-state", "done");
    await page.setViewportSize({ width: 380, height: 720 });
    const last = page.getByTestId("artifact-row").last();
    const right = () => last.evaluate((element) => element.getBoundingClientRect().right);
    expect(await right()).toBeGreaterThan(380);
    for (let presses = 0; presses < 60; presses += 1) {
      if (await last.evaluate((element) => element === document.activeElement)) break;
      await page.keyboard.press("Tab");
    }
    await expect(last).toBeFocused();
    await expect.poll(right).toBeLessThanOrEqual(380);
  });

  test("where the system forces its colours, what is chosen, picked and focused stands out", async ({ open }, info) => {
    const { page } = await open("stages.yaml");
    await publishSample(page);
    await expect(tileOf(page, "editor")).toHaveAttribute("data-state", "done");
    await page.emulateMedia({ forcedColors: "active", colorScheme: "dark" });
    await expect(page.locator(":root")).toHaveAttribute("data-theme", "dark");
    const style = (locator: Locator, property: "backgroundColor" | "outlineStyle") =>
      locator.evaluate((element, name) => getComputedStyle(element)[name], property);
    const selected = await page.evaluate(() => {
      document.body.style.backgroundColor = "SelectedItem";
      const { backgroundColor } = getComputedStyle(document.body);
      document.body.style.backgroundColor = "";
      return backgroundColor;
    });
    const density = (name: string) => page.getByRole("button", { name: `${name} density` });
    expect(await style(density("Reading"), "backgroundColor")).toBe(selected);
    expect(await style(density("Wall"), "backgroundColor")).not.toBe(selected);
    await tileOf(page, "alpha").focus();
    await page.keyboard.press("x");
    await tileOf(page, "beta").focus();
    expect(await style(tileOf(page, "alpha"), "outlineStyle")).toBe("dashed");
    expect(await style(tileOf(page, "beta"), "outlineStyle")).toBe("solid");
    await page.keyboard.press("/");
    const filter = page.getByLabel("Filter tiles by name, model or text");
    await expect(filter).toBeFocused();
    expect(await style(filter, "outlineStyle")).toBe("solid");
    await page.screenshot({ path: info.outputPath("forced.png") });
  });
});
