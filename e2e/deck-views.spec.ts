import type { Page } from "@playwright/test";
import { publishSample, sampleTiles, tileOf, tiles } from "./desktop.js";
import { expect, onBothSurfaces, test } from "./surfaces.js";

const view = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: new RegExp(`^${name}`) });

async function settled(page: Page): Promise<void> {
  await publishSample(page);
  await expect(tileOf(page, "editor")).toHaveAttribute("data-state", "done");
  await expect(tileOf(page, "faulty")).toHaveAttribute("data-state", "failed");
  await expect(page.getByTestId("artifact-row")).toHaveCount(4);
}

async function publish(page: Page, type: string): Promise<void> {
  await page.getByTestId("publish-button").click();
  await page.getByLabel("Type").selectOption(type);
  await page.getByTestId("publish-submit").click();
}

/** The words that are marked as different, in the order of the page. */
const marked = (page: Page) =>
  page.evaluate(() => {
    const ranges = [...(CSS.highlights.get("difference") ?? [])].filter((range) => range instanceof Range);
    return ranges.sort((a, b) => a.compareBoundaryPoints(Range.START_TO_START, b)).map(String);
  });

onBothSurfaces(() => {
  test("each tile says what set it off and what waits for it, and leads there", async ({ open }) => {
    const { page, faults } = await open("stages.yaml");
    await settled(page);
    const cause = (agent: string, name: string) => tileOf(page, agent).getByRole("button", { name });
    const entry = (name: string) => page.getByRole("menuitem", { name });

    await expect(cause("editor", "← 2 × Draft")).toBeVisible();
    await cause("editor", "← 2 × Draft").click();
    await expect(entry("Draft by beta")).toBeVisible();
    await entry("Go to alpha").click();
    await expect(tileOf(page, "alpha")).toBeFocused();

    await cause("alpha", "→ Draft for editor").click();
    await entry("Go to editor").click();
    await expect(tileOf(page, "editor")).toBeFocused();

    await cause("patient", "→ Letter for archivist").click();
    await expect(page.getByText("Letter is not published yet")).toBeVisible();
    await expect(page.getByText("archivist will take it when complete")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(cause("patient", "→ Letter for archivist")).toBeFocused();

    await cause("beta", "← Topic").click();
    await entry("Topic by external").click();
    const dialog = page.getByRole("dialog", { name: "Topic by external" });
    await expect(dialog.getByTestId("artifact-payload")).toContainText("The tide tables");
    await expect(dialog.getByRole("button", { name: "patient" })).toBeVisible();
    await dialog.getByRole("button", { name: "alpha" }).click();
    await expect(dialog).toHaveCount(0);
    await expect(tileOf(page, "alpha")).toBeFocused();

    // What a waiting agent has and lacks.
    await expect(tileOf(page, "archivist").getByRole("listitem").filter({ hasText: "Page 1 there" })).toBeVisible();
    expect(faults).toEqual([]);
  });

  test("graph, timeline and board show agents, parallel runs and artifacts", async ({ open }, info) => {
    const { page, faults } = await open("stages.yaml");
    await settled(page);

    await test.step("the graph", async () => {
      await view(page, "Graph").click();
      const agent = (name: string) => page.locator(".graph-agent").filter({ hasText: name });
      await expect(agent("patient")).toHaveAttribute("data-live", "true");
      await expect(agent("patient")).toContainText("1 live");
      await expect(agent("editor")).toHaveAttribute("data-live", "false");
      await expect(agent("faulty").getByRole("img", { name: "failed" })).toBeVisible();
      await expect(page.locator(".graph-edge-live")).toHaveCount(2);
      await page.screenshot({ path: info.outputPath("graph.png") });
      await page.getByTitle("Open the newest").filter({ hasText: "Draft2" }).click();
      await expect(page.getByRole("dialog", { name: /^Draft by/ })).toBeVisible();
      await page.keyboard.press("Escape");
      await agent("editor").click();
      await expect.poll(async () => (await sampleTiles(page)).map((tile) => tile.agent)).toEqual(["editor"]);
      await page.getByLabel("Filter tiles by name, model or text").press("Escape");
      await expect(tiles(page)).toHaveCount(6);
    });

    await test.step("the timeline", async () => {
      await view(page, "Timeline").click();
      await expect(page.locator(".timeline-row")).toHaveCount(5);
      await expect(page.getByText(/^5 runs in .*, at most 4 at once$/)).toBeVisible();
      const bar = async (agent: string) => {
        const box = await page.getByRole("button", { name: new RegExp(`^${agent}, `) }).boundingBox();
        if (box === null) throw new Error(`${agent} has no bar`);
        return { from: box.x, until: box.x + box.width };
      };
      const [alpha, beta, editor] = [await bar("alpha"), await bar("beta"), await bar("editor")];
      expect(Math.max(alpha.from, beta.from)).toBeLessThan(Math.min(alpha.until, beta.until));
      expect(editor.from).toBeGreaterThan(Math.min(alpha.until, beta.until));
      const ticks = await page.locator(".timeline-tick").allTextContents();
      expect(new Set(ticks).size).toBe(ticks.length);
      await page.screenshot({ path: info.outputPath("timeline.png") });
      await page.getByRole("button", { name: /^beta, done, attempt 1/ }).click();
      await expect(tileOf(page, "beta")).toBeFocused();
    });

    await test.step("the board", async () => {
      await view(page, "Board").click();
      const rows = page.getByTestId("artifact-row");
      await expect(rows).toHaveCount(4);
      await expect(rows.last()).toContainText("Topic");
      await page.getByLabel("Search artifacts").fill("notes of the beta");
      await expect(rows).toHaveCount(1);
      await expect(rows).toContainText("beta");
      await page.getByLabel("Search artifacts").fill("no artifact says this");
      await expect(page.getByText("Nothing matches")).toBeVisible();
      await page.getByLabel("Search artifacts").fill("");
      await page.getByLabel("Type").selectOption("Draft");
      await expect(rows).toHaveCount(2);
      await rows.filter({ hasText: "alpha" }).click();
      const dialog = page.getByRole("dialog", { name: "Draft by alpha" });
      await expect(dialog.getByTestId("artifact-payload").getByRole("heading").first()).toBeVisible();
      await expect(dialog.getByText("Set off")).toBeVisible();
      await page.screenshot({ path: info.outputPath("artifact.png") });
      await dialog.getByRole("button", { name: "As JSON" }).click();
      await expect(dialog.getByTestId("artifact-payload")).toContainText('"text": "# ');
      await dialog.getByRole("button", { name: "editor" }).click();
      await expect(tileOf(page, "editor")).toBeFocused();
    });
    expect(faults).toEqual([]);
  });

  test("streams are compared side by side, aligned by heading, while one of them still streams", async ({
    open,
  }, info) => {
    const { page } = await open("compare.yaml");
    await publishSample(page);
    await expect(tileOf(page, "left")).toHaveAttribute("data-state", "done");
    await publish(page, "Right");
    await expect(tileOf(page, "right")).toHaveAttribute("data-state", "live");

    await tileOf(page, "left").focus();
    await page.keyboard.press("x");
    await expect(page.getByRole("button", { name: "Pick another to compare" })).toBeDisabled();
    await tileOf(page, "right").focus();
    await page.keyboard.press("x");
    await page.getByRole("button", { name: "Compare 2" }).click();

    const dialog = page.getByRole("dialog", { name: "Compare 2 streams" });
    await expect(dialog.getByRole("img", { name: "live" })).toBeVisible();
    await expect.poll(() => marked(page)).toEqual(expect.arrayContaining(["sing", "hum"]));
    await expect(dialog.getByText("not here").first()).toBeVisible();
    await expect.poll(() => marked(page)).toEqual(expect.arrayContaining(["nine", "ten"]));
    await expect(dialog.getByRole("img", { name: "live" })).toBeVisible();
    await page.screenshot({ path: info.outputPath("compare.png") });

    const cells = await dialog
      .locator(".compare-cell")
      .evaluateAll((all) =>
        all.map((cell) => ({ text: cell.textContent ?? "", top: cell.getBoundingClientRect().top })),
      );
    const cost = cells.filter(({ text }) => text.includes("It costs"));
    expect(cost).toHaveLength(2);
    expect(cost[0]?.top).toBe(cost[1]?.top);

    await expect(dialog.getByRole("img", { name: "live" })).toHaveCount(0);
    await expect.poll(async () => (await marked(page)).at(-1)).toMatch(/above the water/);
    const sing = dialog.getByText("They sing in the wind.");
    const withMarks = await sing.screenshot();
    await dialog.getByRole("button", { name: "Mark differences from the first" }).click();
    await expect.poll(() => marked(page)).toEqual([]);
    expect(withMarks.equals(await sing.screenshot())).toBe(false);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Compare none" }).click();
    await expect(page.getByRole("button", { name: /^Compare/ })).toHaveCount(0);
  });
});
