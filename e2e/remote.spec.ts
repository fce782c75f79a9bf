import { openBrowser, openLink } from "./browsers.js";
import {
  type Desktop,
  expect,
  flockFile,
  publishSample,
  sampleTiles,
  type TileSample,
  test,
  tileOf,
  tiles,
} from "./desktop.js";

/** Turns Remote on, on a free port of this machine alone, and copies the two links. */
async function startRemote({ app, page }: Desktop): Promise<{ watch: string; control: string }> {
  await page.getByRole("button", { name: /^Remote/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Port").fill("0");
  await dialog.getByRole("button", { name: "Start" }).click();
  const copy = async (kind: string) => {
    await app.evaluate(({ clipboard }) => clipboard.clear());
    await dialog.getByRole("button", { name: `Copy the ${kind} link` }).click();
    await expect.poll(() => app.evaluate(({ clipboard }) => clipboard.readText())).toContain("#token=");
    return app.evaluate(({ clipboard }) => clipboard.readText());
  };
  const links = { watch: await copy("watch"), control: await copy("control") };
  await page.keyboard.press("Escape");
  return links;
}

test("two browsers see what the window sees; one of them may stop a stream", async ({ launch }, info) => {
  const desktop = await launch();
  const { page } = desktop;
  await expect(page.getByTestId("flock-name")).toHaveText(/Newsroom/);
  const links = await startRemote(desktop);
  const browser = await openBrowser();
  try {
    const watcher = await openLink(browser, links.watch);
    const controller = await openLink(browser, links.control);
    await expect(watcher.getByTestId("connection-state")).toHaveAttribute("data-state", "live");
    expect(watcher.url()).not.toContain("token");
    await expect(watcher.getByTestId("publish-button")).toHaveCount(0);

    await publishSample(page);
    for (const viewer of [page, watcher, controller]) await expect(tiles(viewer, "live")).toHaveCount(8);

    await tileOf(controller, "poet").getByTestId("stream-stop").click();
    for (const viewer of [page, watcher, controller]) {
      await expect(tileOf(viewer, "poet")).toHaveAttribute("data-state", "stopped");
    }
    await watcher.screenshot({ path: info.outputPath("watcher.png") });

    const stopped = (await sampleTiles(page)).find(({ agent }) => agent === "poet");
    const seen = (await sampleTiles(watcher)).find(({ agent }) => agent === "poet");
    expect(seen).toEqual(stopped);
  } finally {
    await browser.close();
  }
});

test("a browser that lost the network catches up by itself, to equal text", async ({ launch }) => {
  const desktop = await launch();
  const { page } = desktop;
  await expect(page.getByTestId("flock-name")).toHaveText(/Newsroom/);
  const links = await startRemote(desktop);
  const browser = await openBrowser();
  try {
    const watcher = await openLink(browser, links.watch);
    await publishSample(page);
    await expect(tiles(watcher, "live")).toHaveCount(8);

    await watcher.context().setOffline(true);
    await expect(watcher.getByTestId("connection-state")).toHaveAttribute("data-state", "offline", { timeout: 45_000 });
    await expect(tileOf(page, "historian")).toHaveAttribute("data-state", "done", { timeout: 45_000 });
    await watcher.context().setOffline(false);
    await expect(watcher.getByTestId("connection-state")).toHaveAttribute("data-state", "live", { timeout: 45_000 });

    const finished = (samples: readonly TileSample[]) =>
      Object.fromEntries(samples.flatMap(({ id, state, length }) => (state === "done" ? [[id, length]] : [])));
    const shown = finished(await sampleTiles(page));
    expect(Object.keys(shown).length).toBeGreaterThan(0);
    await expect.poll(async () => finished(await sampleTiles(watcher))).toMatchObject(shown);
    const text = (viewer: typeof page) => tileOf(viewer, "historian").getByTestId("stream-text").textContent();
    expect(await text(watcher)).toBe(await text(page));
  } finally {
    await browser.close();
  }
});

test("the links follow the window to another flock", async ({ launch }) => {
  const desktop = await launch();
  const { app, page } = desktop;
  await expect(page.getByTestId("flock-name")).toHaveText(/Newsroom/);
  const links = await startRemote(desktop);
  const browser = await openBrowser();
  try {
    const watcher = await openLink(browser, links.watch);
    await expect(watcher.getByTestId("flock-name")).toHaveText(/Newsroom/);
    await app.evaluate(
      ({ app }, path) => app.emit("open-file", { preventDefault: () => {} }, path),
      flockFile("echo.yaml"),
    );
    await expect(page.getByTestId("flock-name")).toHaveText(/Echo/);
    await expect(watcher.getByTestId("flock-name")).toHaveText(/Echo/, { timeout: 45_000 });
  } finally {
    await browser.close();
  }
});
