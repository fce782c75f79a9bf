import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Locator, Page } from "@playwright/test";
import { expect as expectInWindow, flockFile, test as inWindow, publishSample, tileOf } from "./desktop.js";
import { expect, onBothSurfaces, test } from "./surfaces.js";

/** What a tile tells of its state without colour: the drawing and its name, and the word beside it. */
async function told(tile: Locator): Promise<{ drawing: string; name: string | null; word: string | null }> {
  const icon = tile.locator(".state-icon").first();
  return {
    drawing: await icon.innerHTML(),
    name: await icon.getAttribute("aria-label"),
    word: await tile.locator(".stream-word").textContent(),
  };
}

async function facts(tile: Locator): Promise<Record<string, string>> {
  const list = tile.locator(".stream-details");
  const names = await list.locator("dt").allTextContents();
  const values = await list.locator("dd").allTextContents();
  return Object.fromEntries(names.map((name, at) => [name, values[at] ?? ""]));
}

const counter = (page: Page, words: string) => page.locator(".counter").filter({ hasText: words });

onBothSurfaces(() => {
  test("failed, stalled, waiting and finished are told apart by shape and word, in the tile, the header and the title", async ({
    open,
  }, info) => {
    const { page, title } = await open("trouble.yaml");
    await expect.poll(title).toBe("Trouble · Flockdeck");
    await publishSample(page);
    await expect(tileOf(page, "writer")).toHaveAttribute("data-state", "done");
    await expect(tileOf(page, "broken")).toHaveAttribute("data-state", "failed");
    await expect.poll(title).toMatch(/^✕ \d failed, ◐ \d live, ◌ \d waiting · Trouble$/);
    await expect(tileOf(page, "stuck").getByRole("img", { name: "stalled" })).toBeVisible({ timeout: 25_000 });
    await expect(tileOf(page, "stuck").getByText(/^no new text for \d+s$/)).toBeVisible();

    // Two that fail at once, and one whose third attempt was its last.
    await expect(counter(page, "3 failed")).toBeVisible();
    await expect(counter(page, "1 stalled")).toBeVisible();
    await expect(counter(page, "1 waiting")).toBeVisible();
    await expect.poll(title).toBe("✕ 3 failed, ! 1 stalled, ◌ 1 waiting · Trouble");

    for (const density of ["Reading", "Wall"]) {
      await page.getByRole("button", { name: `${density} density` }).click();
      await expect(page.locator(".deck")).toHaveAttribute("data-density", density.toLowerCase());
      const all = await Promise.all(["writer", "broken", "stuck", "keeper"].map((agent) => told(tileOf(page, agent))));
      expect(all.map(({ name }) => name)).toEqual(["done", "failed", "stalled", "waiting"]);
      for (const { name, word } of all) expect(word).toContain(name);
      expect(new Set(all.map(({ drawing }) => drawing)).size).toBe(4);
      await page.screenshot({ path: info.outputPath(`trouble-${density.toLowerCase()}.png`) });
    }
  });

  test("a provider that asks to wait is told with its countdown, and is no failure", async ({ open }, info) => {
    const provider = createServer((_, response) => {
      response.writeHead(429, { "retry-after": "600", "content-type": "application/json" });
      response.end('{"error":{"message":"Slow down"}}');
    });
    await new Promise<void>((listening) => provider.listen(0, "127.0.0.1", listening));
    const { port } = provider.address() as AddressInfo;
    const file = info.outputPath("slow.yaml");
    await writeFile(
      file,
      `name: Slow
providers: { press: { type: openai-compatible, base_url: "http://127.0.0.1:${port}" } }
types: { Topic: { type: object, properties: { title: { type: string } } }, Draft: text }
agents: [{ name: writer, description: Write., consumes: [Topic], publishes: [Draft], model: press/any }]
publish: { Topic: { title: The tide tables } }
`,
    );
    try {
      const { page, title } = await open(file);
      await publishSample(page);
      const tile = tileOf(page, "writer");
      await expect(tile.getByRole("img", { name: "provider wait" })).toBeVisible();
      await expect(tile.locator(".stream-word")).toHaveText("provider wait");
      await expect(tile.locator(".stream-rate")).toHaveText(/^(9|10)m/);
      await expect.poll(title).toBe("⏸ 1 waiting for a provider · Slow");
      await expect(counter(page, "1 provider wait")).toBeVisible();
      await expect(page.locator(".counter")).toHaveCount(1);
      await page.screenshot({ path: info.outputPath("provider-wait.png") });
      await tile.getByTestId("stream-stop").click();
      await expect(tile).toHaveAttribute("data-state", "stopped");
    } finally {
      provider.closeAllConnections();
      provider.close();
    }
  });

  test("a tile tells its lag: the first text, produced and shown characters, and every attempt", async ({ open }) => {
    const { page } = await open("trouble.yaml");
    await publishSample(page);
    const writer = tileOf(page, "writer");
    await expect(writer).toHaveAttribute("data-state", "done");
    await writer.focus();
    await page.keyboard.press("i");
    const of = await facts(writer);
    expect(of["First text"]).toMatch(/^after \d+\.\d\d s$/);
    expect(of).toMatchObject({ Produced: "300 characters", Shown: "300", Attempt: "1" });
    await page.keyboard.press("i");
    await expect(writer.locator(".stream-details")).toHaveCount(0);

    const judge = page.locator('[data-testid="stream-tile"][data-agent="judge"][data-state="failed"]').last();
    await expect(judge.getByText("attempt 3")).toBeVisible();
    await judge.focus();
    await page.keyboard.press("i");
    const { Attempt: attempt } = await facts(judge);
    expect(attempt?.match(/below zero/g)).toHaveLength(2);
    expect(attempt).toMatch(/^3 after: /);
  });
});

inWindow(
  "the dock badge counts failures; a notification comes by choice, and only to who is not looking",
  async ({ launch }) => {
    const { app, page } = await launch({ args: [flockFile("stages.yaml")] });
    await app.evaluate(({ app, BrowserWindow, Notification }) => {
      const told = { badges: [] as number[], notified: [] as string[], focused: true };
      Object.assign(globalThis, { told });
      app.setBadgeCount = (count) => told.badges.push(count ?? 0) > 0;
      Notification.isSupported = () => true;
      Notification.prototype.show = function (this: Electron.Notification) {
        told.notified.push(`${this.title}: ${this.body}`);
      };
      for (const window of BrowserWindow.getAllWindows()) window.isFocused = () => told.focused;
    });
    const told = () =>
      app.evaluate(() => (globalThis as unknown as { told: { badges: number[]; notified: string[] } }).told);
    const look = (focused: boolean) =>
      app.evaluate((_, on) => {
        (globalThis as unknown as { told: { focused: boolean } }).told.focused = on;
      }, focused);
    const run = async (failed: number) => {
      await publishSample(page);
      await expectInWindow.poll(async () => (await told()).badges.at(-1)).toBe(failed);
      const patient = page.locator('[data-agent="patient"][data-state="live"]');
      await patient.getByTestId("stream-stop").click();
      await expectInWindow(patient).toHaveCount(0);
      await expectInWindow
        .poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle()))
        .not.toContain("live");
    };

    await look(false);
    await run(1);
    expectInWindow((await told()).notified).toEqual([]);

    await page.getByRole("button", { name: "Settings" }).click();
    const notify = page.getByLabel("Notify me when a workflow ends while the window is in the background");
    await notify.click();
    await expectInWindow(notify).toBeChecked();
    await page.keyboard.press("Escape");
    await run(2);
    await expectInWindow
      .poll(async () => (await told()).notified)
      .toEqual(["Stages: 3 streams are done, 1 failed, 1 stopped."]);

    await look(true);
    await run(3);
    expectInWindow((await told()).notified).toHaveLength(1);
  },
);
