import { openBrowser, openLink } from "./browsers.js";
import { expect, flockFile, publishSample, test, tiles } from "./desktop.js";

test("Remote shows a code to scan and who is connected; it disconnects one, rotates the links, and stops", async ({
  launch,
}, info) => {
  const { app, page } = await launch({ args: [flockFile("stages.yaml")] });
  await expect(page.getByTestId("flock-name")).toHaveText("Stages");
  await page.getByRole("button", { name: /^Remote/ }).click();
  const dialog = page.getByRole("dialog", { name: "Remote" });
  await dialog.getByLabel("Port").fill("0");
  await dialog.getByRole("button", { name: "Start" }).click();
  const code = (kind: string) => dialog.getByRole("img", { name: `QR code of the ${kind} link` });
  const picture = (kind: string) => code(kind).getAttribute("src");
  await expect(code("watch")).toBeVisible();
  const watchCode = await picture("watch");
  await dialog.getByRole("button", { name: /^Control link/ }).click();
  await expect(code("control")).toBeVisible();
  expect(await picture("control")).not.toBe(watchCode);
  await dialog.getByRole("button", { name: /^Watch link/ }).click();
  await expect.poll(() => picture("watch")).toBe(watchCode);

  const copy = async (kind: string) => {
    await app.evaluate(({ clipboard }) => clipboard.clear());
    await dialog.getByRole("button", { name: `Copy the ${kind} link` }).click();
    await expect.poll(() => app.evaluate(({ clipboard }) => clipboard.readText())).toContain("#token=");
    return app.evaluate(({ clipboard }) => clipboard.readText());
  };
  const [watch, control] = [await copy("watch"), await copy("control")];
  await expect(dialog.getByText("Nobody is connected. Send somebody a link.")).toBeVisible();

  const browser = await openBrowser();
  try {
    const watcher = await openLink(browser, watch);
    const controller = await openLink(browser, control);
    const state = (viewer: typeof page) => viewer.getByTestId("connection-state");
    await expect(state(watcher)).toHaveAttribute("data-state", "live");
    await expect(state(controller)).toHaveAttribute("data-state", "live");
    const rows = dialog.locator(".viewers tbody tr");
    await expect(rows).toHaveCount(2);
    await expect(rows.filter({ hasText: "watch" })).toContainText(/127\.0\.0\.1.*watch.*\d+s.*in step/);
    await expect(rows.filter({ hasText: "control" })).toContainText("in step");
    await expect(page.getByTitle("2 remote viewers")).toHaveText("2");
    await page.screenshot({ path: info.outputPath("remote-viewers.png") });

    await rows
      .filter({ hasText: "watch" })
      .getByRole("button", { name: /^Disconnect/ })
      .click();
    await expect(rows).toHaveCount(1);
    await expect(state(watcher)).toHaveAttribute("data-state", "refused");
    await expect(state(controller)).toHaveAttribute("data-state", "live");

    await dialog.getByRole("button", { name: "New links" }).click();
    await expect(dialog.getByText("Nobody is connected. Send somebody a link.")).toBeVisible();
    await expect(state(controller)).toHaveAttribute("data-state", "refused");
    await expect(state(controller)).toContainText(/Ask its owner for a new one|Open the link again/);
    const renewed = await copy("watch");
    expect(renewed).not.toBe(watch);
    await expect.poll(() => picture("watch")).not.toBe(watchCode);
    const late = await openLink(browser, watch);
    await expect(
      late.getByText("This link is not valid any more. Ask for a new one, or enter its token."),
    ).toBeVisible();
    const again = await openLink(browser, renewed);
    await expect(state(again)).toHaveAttribute("data-state", "live");

    await page.keyboard.press("Escape");
    await publishSample(page);
    await expect(tiles(again, "live").first()).toBeVisible();
    await page.getByRole("button", { name: /^Remote/ }).click();
    await dialog.getByRole("button", { name: "Stop", exact: true }).click();
    await expect(dialog.getByRole("button", { name: "Start" })).toBeVisible();
    await expect(state(again)).toHaveAttribute("data-state", "offline");
  } finally {
    await browser.close();
  }
});
