import type { Locator, Page } from "@playwright/test";
import { publishSample, tileOf, tiles } from "./desktop.js";
import { type Deck, expect, onBothSurfaces, test } from "./surfaces.js";

const CODE = [
  "// The mean of what the gauge read since the morning.",
  "export function mean(readings: readonly number[]): number {",
  '  if (readings.length === 0) throw new Error("Nothing was read");',
  "  let sum = 0;",
  "  for (const reading of readings) sum += reading;",
  "  return sum / readings.length;",
  "}",
].join("\n");

const lengthOf = async (tile: Locator) => Number(await tile.getAttribute("data-length"));
const grown = (tile: Locator, length: number) =>
  expect.poll(() => lengthOf(tile), { timeout: 30_000 }).toBeGreaterThan(length);
const jump = (tile: Locator) => tile.getByRole("button", { name: /^Jump to live/ });
const copied = (deck: Deck) => expect.poll(() => deck.clipboard(), { message: "the clipboard" });

async function openReading(open: (flock: string) => Promise<Deck>): Promise<Deck> {
  const deck = await open("reading.yaml");
  await publishSample(deck.page);
  await expect(tiles(deck.page, "live")).toHaveCount(2);
  return deck;
}

/** Where the first paragraphs of a tile are on the screen, in pixels. */
function places(tile: Locator): Promise<number[]> {
  return tile
    .getByTestId("stream-text")
    .evaluate((view) =>
      [...view.querySelectorAll("p, h1, h2, h3")].slice(0, 4).map((e) => e.getBoundingClientRect().top),
    );
}

/** Whether the last of the text is in sight. */
function atEnd(tile: Locator): Promise<boolean> {
  return tile.getByTestId("stream-text").evaluate((view) => {
    const end = view.firstElementChild?.getBoundingClientRect().bottom ?? 0;
    return Math.abs(end - view.getBoundingClientRect().bottom) < 24;
  });
}

/** The matches that the page marks, and whether the current one is inside the tile's view. */
function found(page: Page): Promise<{ marks: number; inSight: boolean }> {
  return page.evaluate(() => {
    const ranges = (name: string) => [...(CSS.highlights.get(name) ?? [])];
    const current = ranges("find-current")[0] as Range | undefined;
    const view = current?.startContainer.parentElement?.closest('[data-testid="stream-text"]');
    const box = view?.getBoundingClientRect();
    const place = current?.getBoundingClientRect();
    const inSight = box !== undefined && place !== undefined && place.top >= box.top && place.bottom <= box.bottom;
    return { marks: ranges("find").length, inSight };
  });
}

/** Goes on to the end, and finds no place in sight where the text is missing. */
async function readOn(text: Locator, next: () => Promise<void>): Promise<void> {
  const away = text.locator(".md-away");
  for (let steps = 0; steps < 1_500 && (await away.count()) > 0; steps += 1) {
    await next();
    const missing = () =>
      away.evaluateAll((groups) => {
        let scroller = groups[0]?.parentElement ?? document.documentElement;
        while (getComputedStyle(scroller).overflowY === "visible" && scroller.parentElement)
          scroller = scroller.parentElement;
        const seen = scroller.getBoundingClientRect();
        const boxes = groups.map((group) => group.getBoundingClientRect());
        return boxes.filter(({ top, bottom }) => bottom > seen.top && top < seen.bottom).length;
      });
    await expect.poll(missing).toBe(0);
  }
  await expect(away).toHaveCount(0);
}

onBothSurfaces(() => {
  test("Markdown is set as it streams; code is coloured and offers itself for copying once it is closed", async ({
    open,
  }) => {
    const deck = await openReading(open);
    const tile = tileOf(deck.page, "scribe");
    const text = tile.getByTestId("stream-text");

    await expect(text.locator("pre")).toBeVisible();
    await expect(tile).toHaveAttribute("data-state", "live");
    const unclosed = await text.evaluate((view) => ({
      copy: view.querySelectorAll(".md-copy").length,
      coloured: view.querySelectorAll("[class^=hljs]").length,
    }));
    expect(unclosed).toEqual({ copy: 0, coloured: 0 });
    await expect(text.locator("th")).toHaveText(["Hour", "Wind", "Share"]);
    await expect(text.locator("td")).toHaveText(["noon", "west", "37 %", "four", "calm", "12 %"]);

    await expect(text.getByRole("button", { name: "Copy code" })).toBeVisible();
    await expect(text.locator("[class*=hljs-keyword]").first()).toHaveText("export");
    await text.getByRole("button", { name: "Copy code" }).click();
    await copied(deck).toBe(CODE);
    await expect(text.getByRole("button", { name: "Code copied" })).toBeVisible();

    await expect(tile).toHaveAttribute("data-state", "done");
    await expect(text.getByRole("checkbox")).toHaveCount(2);
    expect(
      await text.getByRole("checkbox").evaluateAll((boxes) => boxes.map((box) => box.matches(":checked"))),
    ).toEqual([true, false]);
    await expect(text.locator("em")).toHaveText("office");
    await expect(text.getByRole("link", { name: "the notes" })).toHaveAttribute("href", "https://example.com/notes");
    await expect(text.locator("p").last()).toHaveText("Nobody in the valley could explain it.");
    expect(deck.faults).toEqual([]);
  });

  test("a tile follows the end until the reader goes back, then stays put to the pixel", async ({ open }) => {
    const { page } = await openReading(open);
    const tile = tileOf(page, "chronicler");
    await grown(tile, 1_800);
    expect(await atEnd(tile)).toBe(true);
    await expect(jump(tile)).toHaveCount(0);

    await tile.getByTestId("stream-text").hover();
    await page.mouse.wheel(0, -240);
    await expect(jump(tile)).toBeVisible();
    // A wheel may glide on: what counts is where it came to rest.
    await expect
      .poll(async () => {
        const first = await places(tile);
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
        return JSON.stringify(first) === JSON.stringify(await places(tile));
      })
      .toBe(true);
    const rest = await places(tile);
    const length = await lengthOf(tile);
    await grown(tile, length + 700);
    expect(await places(tile)).toEqual(rest);
    await expect(jump(tile)).toHaveText(/· [\d,]+ new$/);
    const news = async () => Number((await jump(tile).textContent())?.replace(/\D/g, ""));
    expect(await news()).toBeGreaterThan(600);

    const views = page.getByRole("navigation", { name: "Views" });
    await views.getByRole("button", { name: "Board" }).click();
    await expect(tile).toHaveCount(0);
    await views.getByRole("button", { name: "Deck" }).click();
    await expect.poll(() => places(tile)).toEqual(rest);

    await jump(tile).click();
    await expect(jump(tile)).toHaveCount(0);
    await expect.poll(() => atEnd(tile)).toBe(true);

    await expect(tile).toBeFocused();
    await page.keyboard.press("Home");
    await expect(tile.getByTestId("stream-text").locator("h1, h2").first()).toBeInViewport();
    await expect(jump(tile)).toBeVisible();
    await page.keyboard.press("End");
    await expect(jump(tile)).toHaveCount(0);
  });

  test("find, raw, copy, full screen, stop and run again, with the keyboard and the menu", async ({ open }) => {
    const deck = await openReading(open);
    const { page } = deck;
    const tile = tileOf(page, "chronicler");
    await grown(tile, 1_500);

    await tile.focus();
    await page.keyboard.press("s");
    await expect(tile).toHaveAttribute("data-state", "stopped");
    await expect(tile.locator(".stream-word")).toHaveText("stopped");
    const kept = await lengthOf(tile);
    await expect(tileOf(page, "scribe")).not.toHaveAttribute("data-state", "stopped");

    await page.keyboard.press("r");
    await expect(tile.locator(".stream-raw")).toBeVisible();
    const raw = (await tile.locator(".stream-raw").textContent()) ?? "";
    expect(raw).toHaveLength(kept);
    expect(raw).toMatch(/^# /);
    await page.keyboard.press("r");
    await expect(tile.locator(".stream-raw")).toHaveCount(0);

    await page.keyboard.press("c");
    await expect(page.getByText("Copied as Markdown.")).toBeVisible();
    await copied(deck).toBe(raw);

    const word = raw.match(/[a-z]{7,}/)?.[0] ?? "";
    const times = raw.toLowerCase().split(word).length - 1;
    await page.keyboard.press("f");
    await page.getByLabel("Find in this stream").fill(word);
    await expect.poll(() => found(page)).toEqual({ marks: times, inSight: true });
    await expect(tile.locator(".find-count")).toHaveText(`1/${times}`);
    await page.keyboard.press("Shift+Enter");
    await expect(tile.locator(".find-count")).toHaveText(`${times}/${times}`);
    const text = tile.locator(".stream-view");
    const withMarks = await text.screenshot();
    await page.evaluate(() => CSS.highlights.clear());
    expect(withMarks.equals(await text.screenshot())).toBe(false);
    await page.keyboard.press("Escape");
    await expect(page.getByLabel("Find in this stream")).toHaveCount(0);
    await expect(tile).toBeFocused();

    await page.keyboard.press("Enter");
    const full = page.getByRole("dialog", { name: "chronicler" });
    await expect(full.getByTestId("stream-text")).toBeVisible();
    await full.getByRole("button", { name: "Find in stream" }).click();
    await page.getByLabel("Find in this stream").press("Escape");
    await expect(page.getByLabel("Find in this stream")).toHaveCount(0);
    await expect(full.getByRole("button", { name: "Find in stream" })).toBeFocused();
    const box = await full.boundingBox();
    const size = await page.evaluate(() => innerWidth * innerHeight);
    expect(((box?.width ?? 0) * (box?.height ?? 0)) / size).toBeGreaterThan(0.8);
    await page.keyboard.press("Escape");
    await expect(full).toHaveCount(0);
    await expect(tile).toBeFocused();

    await page.getByRole("button", { name: "More for chronicler" }).click();
    await page.getByRole("menuitem", { name: "Run the whole workflow again" }).click();
    await expect(tiles(page)).toHaveCount(4);
    await expect(tiles(page).nth(3)).toHaveAttribute("data-state", "live");
    expect(await lengthOf(tile)).toBe(kept);
  });

  test("text that is no longer kept is told, with where and how much", async ({ open }) => {
    const { page } = await open("long.yaml");
    await publishSample(page);
    const tile = tileOf(page, "novelist");
    await expect(tile).toHaveAttribute("data-state", "done", { timeout: 30_000 });
    expect(await lengthOf(tile)).toBe(130_000);

    await page.reload();
    await expect(tile).toHaveAttribute("data-length", "130000", { timeout: 30_000 });
    await expect(tile.getByTestId("stream-text")).toBeVisible();
    await tile.focus();
    await page.keyboard.press("Home");
    const marker = tile.locator(".loss-marker");
    await expect(marker).toBeInViewport();
    await expect(marker).toHaveText(
      "The first 27,600 characters are missing here: they were no longer kept when this viewer came. The text goes on below.",
    );
    await page.keyboard.press("c");
    await expect(page.getByText("Copied, without the beginning that is missing here.")).toBeVisible();

    const text = tile.getByTestId("stream-text");
    await expect(text.locator("p").first()).toBeInViewport();
    await readOn(text, () => page.keyboard.press("PageDown"));
    expect(((await text.textContent()) ?? "").length).toBeGreaterThan(0.85 * 102_400);

    await page.getByTestId("view-board").click();
    await page.getByRole("button", { name: /^Book/ }).first().click();
    const payload = page.getByTestId("artifact-payload").last();
    await expect(payload.locator("h1, h2, p").first()).toBeInViewport();
    await payload.hover();
    await readOn(payload, () => page.mouse.wheel(0, 600));
    expect(((await payload.textContent()) ?? "").length).toBeGreaterThan(0.85 * 130_000);
  });
});

test.describe("a screen for a mouse and for fingers", () => {
  test.use({ surface: "Chromium" });

  test("a finger reads back at its first move", async ({ open }) => {
    const { page } = await openReading(open);
    expect(await page.evaluate(() => matchMedia("(pointer: fine)").matches)).toBe(true);
    const tile = tileOf(page, "chronicler");
    await grown(tile, 1_800);
    const box = await tile.getByTestId("stream-text").boundingBox();
    const x = Math.round((box?.x ?? 0) + (box?.width ?? 0) / 2);
    const y = Math.round((box?.y ?? 0) + (box?.height ?? 0) / 3);
    const screen = await page.context().newCDPSession(page);
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", down: number) =>
      screen.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x, y: y + down }] });
    await touch("touchStart", 0);
    for (let down = 10; down <= 100; down += 10) await touch("touchMove", down);
    await touch("touchEnd", 100);
    await expect(jump(tile)).toBeVisible();
    await expect.poll(() => atEnd(tile)).toBe(false);
  });
});
