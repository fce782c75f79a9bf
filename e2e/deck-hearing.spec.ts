import { publishSample, tileOf, tiles } from "./desktop.js";
import { expect, onBothSurfaces, test } from "./surfaces.js";

onBothSurfaces(() => {
  test("a screen reader hears what ended, and none of the text as it streams", async ({ open }) => {
    const { page } = await open("stages.yaml");
    await page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      const live =
        '[aria-live="polite"], [aria-live="assertive"], [role="status"], [role="alert"], [role="log"], output';
      new MutationObserver((changes) => {
        const regions = new Set(
          changes.map(({ target }) => (target instanceof Element ? target : target.parentElement)?.closest(live)),
        );
        for (const region of regions) if (region != null) heard.push(region.textContent ?? "");
      }).observe(document.body, { childList: true, characterData: true, subtree: true });
    });
    await publishSample(page);
    await expect(tileOf(page, "editor")).toHaveAttribute("data-state", "done");
    const patient = tileOf(page, "patient");
    await expect
      .poll(async () => Number(await patient.getAttribute("data-length")), { timeout: 30_000 })
      .toBeGreaterThan(400);
    await patient.getByTestId("stream-stop").click();
    await expect(tiles(page, "live")).toHaveCount(0);
    const announcements = page.getByTestId("announcements");
    await expect(announcements).toHaveAttribute("aria-live", "polite");
    await expect(announcements).toContainText("patient was stopped after");

    const heard = await page.evaluate(() => (window as unknown as { heard: string[] }).heard);
    const all = heard.join("\n");
    for (const sentence of [
      /alpha is done after 700 characters\./,
      /editor is done after 900 characters\./,
      /faulty failed after 160 characters: demo\/fail reported an error/,
    ]) {
      expect(all).toMatch(sentence);
    }
    // Six streams, and what the notice says: many thousands of tokens would have made many more.
    expect(heard.filter((text) => text !== "").length).toBeLessThan(12);
    const text = (await patient.getByTestId("stream-text").locator("p").first().textContent()) ?? "";
    expect(text.length).toBeGreaterThan(20);
    expect(all).not.toContain(text.slice(0, 20));
  });

  test("with reduced motion neither the caret nor the sparkline moves", async ({ open }) => {
    const { page } = await open("trouble.yaml");
    await publishSample(page);
    const stuck = tileOf(page, "stuck");
    const moving = () =>
      page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === "running").length);
    await expect.poll(moving).toBe(1);
    await expect(stuck.locator(".sparkline")).toBeVisible();
    await page.emulateMedia({ reducedMotion: "reduce" });
    await expect.poll(moving).toBe(0);
    await expect(stuck.locator(".sparkline")).toBeHidden();
    await page.getByRole("button", { name: "Wall density" }).click();
    await expect(stuck.getByText(/^\d+ tok\/s$/)).toBeVisible();
    await expect(stuck.locator(".sparkline")).toBeHidden();
    await page.emulateMedia({ reducedMotion: "no-preference" });
    await expect(stuck.locator(".sparkline")).toBeVisible();
    await expect(stuck.getByText(/^\d+ tok\/s$/)).toBeHidden();
  });
});
