import type { Page } from "@playwright/test";
import { tileOf, tiles } from "./desktop.js";
import { expect, onBothSurfaces, test } from "./surfaces.js";

const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: element } = document;
    return element?.getAttribute("data-agent") ?? element?.getAttribute("aria-label") ?? element?.textContent ?? "";
  });

/** Presses Tab until what has the focus is called so. */
async function tabTo(page: Page, name: RegExp, key = "Tab"): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press(key);
    passed.push(await focused(page));
    if (name.test(passed.at(-1) ?? "")) return;
  }
  throw new Error(`${key} does not lead to ${name}; it passed ${passed.join(" | ")}`);
}

async function palette(page: Page, words: string): Promise<void> {
  await page.keyboard.press("Control+k");
  const dialog = page.getByRole("dialog", { name: "Command palette" });
  await expect(dialog.getByRole("combobox")).toBeFocused();
  await page.keyboard.type(words);
  await expect(dialog.getByRole("option", { selected: true })).toContainText(words, { ignoreCase: true });
  await page.keyboard.press("Enter");
  await expect(dialog).toHaveCount(0);
}

onBothSurfaces(() => {
  test("a flock is published, watched, steered and left without a mouse", async ({ open }) => {
    const { page, faults } = await open("stages.yaml");
    await tabTo(page, /^Skip to the streams/);
    await page.keyboard.press("Enter");
    await expect(page.locator("#main")).toBeFocused();
    await tabTo(page, /^Publish Topic$/);
    await page.keyboard.press("Enter");
    await expect(tileOf(page, "editor")).toHaveAttribute("data-state", "done");

    await page.keyboard.press("t");
    await expect(tileOf(page, "alpha")).toBeFocused();
    for (const [key, agent] of [
      ["ArrowRight", "beta"],
      ["ArrowRight", "editor"],
      ["ArrowDown", "archivist"],
      ["ArrowLeft", "patient"],
      ["ArrowLeft", "faulty"],
      ["ArrowUp", "alpha"],
    ] as const) {
      await page.keyboard.press(key);
      await expect(tileOf(page, agent)).toBeFocused();
    }
    await tabTo(page, /^More for alpha$/);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("menuitem", { name: "Open full screen" })).toBeFocused();
    await page.keyboard.press("End");
    await expect.poll(() => focused(page)).toContain("Stop the whole workflow");
    await page.keyboard.press("Escape");
    await expect(page.getByRole("button", { name: "More for alpha" })).toBeFocused();
    await tabTo(page, /^← Topic$/);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("dialog", { name: "Topic by external" })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);

    for (const [key, view] of [
      ["2", "graph"],
      ["3", "timeline"],
      ["4", "board"],
      ["1", "deck"],
    ] as const) {
      await page.keyboard.press(key);
      await expect(page.getByTestId(`view-${view}`)).toHaveAttribute("aria-current", "page");
    }
    const deck = page.locator(".deck");
    await page.keyboard.press("+");
    await expect(deck).toHaveAttribute("data-density", "comfortable");
    await page.keyboard.press("-");
    await expect(deck).toHaveAttribute("data-density", "reading");

    await page.keyboard.press("/");
    await expect(page.getByLabel("Filter tiles by name, model or text")).toBeFocused();
    await page.keyboard.type("faulty");
    await expect(tiles(page)).toHaveCount(1);
    await page.keyboard.press("Escape");
    await expect(tiles(page)).toHaveCount(6);

    await page.keyboard.press("p");
    await expect(page.getByRole("dialog", { name: "Publish" })).toBeVisible();
    await expect(page.getByTestId("publish-submit")).toBeFocused();
    await page.keyboard.press("Escape");
    await page.keyboard.press("t");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("s");
    await expect(tileOf(page, "patient")).toHaveAttribute("data-state", "stopped");
    expect(faults).toEqual([]);
  });

  test("the keyboard brings each node of the graph into sight", async ({ open }) => {
    const { page } = await open("stages.yaml");
    await page.getByTestId("view-graph").click();
    for (let times = 0; times < 5; times += 1) await page.getByRole("button", { name: "Zoom In" }).click();
    const archivist = page.locator(".graph-agent").filter({ hasText: "archivist" });
    await expect(archivist).not.toBeInViewport({ ratio: 1 });
    await page.getByRole("button", { name: "Zoom In" }).focus();
    await tabTo(page, /archivist/, "Shift+Tab");
    await expect(archivist).toBeInViewport({ ratio: 1 });
  });

  test("the palette finds commands, streams and artifacts by typing", async ({ open }) => {
    const { page } = await open("stages.yaml");
    await palette(page, "Publish");
    await page.keyboard.press("Enter");
    await expect(tileOf(page, "faulty")).toHaveAttribute("data-state", "failed");

    await palette(page, "Wall density");
    await expect(page.locator(".deck")).toHaveAttribute("data-density", "wall");
    await palette(page, "Show the board");
    await expect(page.getByTestId("view-board")).toHaveAttribute("aria-current", "page");
    await palette(page, "faulty");
    await expect(tileOf(page, "faulty")).toBeFocused();
    await palette(page, "Topic by external");
    await expect(page.getByRole("dialog", { name: "Topic by external" })).toBeVisible();
    await page.keyboard.press("Escape");
    await palette(page, "Show only what failed");
    await expect(tiles(page)).toHaveCount(1);
    await palette(page, "Show every tile");
    await expect(tiles(page)).toHaveCount(6);
    await palette(page, "Dark theme");
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    await palette(page, "High contrast");
    await expect(page.locator("html")).toHaveAttribute("data-contrast", "more");

    await page.keyboard.press("Control+k");
    await page.keyboard.type("no such thing");
    await expect(page.getByText("Nothing of that name")).toBeVisible();
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await palette(page, "Stop every workflow");
    await expect(tiles(page, "live")).toHaveCount(0);
  });

  test("the shortcuts are listed on ?, and those of one letter can be switched off", async ({ open }) => {
    const { page } = await open("stages.yaml");
    await page.keyboard.press("?");
    const list = page.getByRole("dialog", { name: "Shortcuts" });
    await expect(list.locator("dd")).toContainText(["Command palette", "Publish", "Filter tiles"]);
    for (const keys of ["Ctrl K", "p", "/", "t", "?", "Esc", "Enter", "s", "f", "c", "r", "i", "x", "h"]) {
      await expect(list.locator("kbd").getByText(keys, { exact: true }).first()).toBeVisible();
    }
    await page.keyboard.press("Escape");
    await expect(list).toHaveCount(0);

    await palette(page, "Settings");
    const letters = page.getByLabel("Shortcuts of one letter");
    await expect(letters).toBeChecked();
    await letters.focus();
    await page.keyboard.press("Space");
    await expect(letters).not.toBeChecked();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await page.keyboard.press("4");
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("dialog", { name: "Command palette" })).toBeVisible();
    await expect(page.getByTestId("view-deck")).toHaveAttribute("aria-current", "page");
  });
});
