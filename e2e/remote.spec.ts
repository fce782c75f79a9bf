import { writeFile } from "node:fs/promises";
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

/** Eight that write at the same time, for a quarter of a minute. */
const EIGHT = `name: Eight
model: demo/essay?tps=50&chars=3000
types:
  Topic: { type: object, properties: { title: { type: string } }, required: [title] }
  Article: text
agents:
${Array.from({ length: 8 }, (_, index) => `  - { name: writer${index}, description: Write., consumes: [Topic], publishes: [Article] }`).join("\n")}
publish:
  Topic: { title: The tide tables }
`;

const CUT_MS = 5_000;

test("a browser whose network is cut for five seconds catches up by itself, to equal text in every tile", async ({
  launch,
}, info) => {
  const file = info.outputPath("eight.yaml");
  await writeFile(file, EIGHT);
  const desktop = await launch({ args: [file] });
  const { page } = desktop;
  await expect(page.getByTestId("flock-name")).toHaveText(/Eight/);
  const links = await startRemote(desktop);
  const browser = await openBrowser();
  try {
    const watcher = await openLink(browser, links.watch);
    const network = await watcher.context().newCDPSession(watcher);
    await network.send("Network.enable");
    const cut = (offline: boolean) =>
      network.send("Network.emulateNetworkConditions", {
        offline,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput: -1,
      });
    const units = async (viewer: typeof page) =>
      (await sampleTiles(viewer)).reduce((sum, { length }) => sum + length, 0);
    await publishSample(page);
    await expect(tiles(watcher, "live")).toHaveCount(8);
    await expect.poll(() => units(watcher)).toBeGreaterThan(500);

    await cut(true);
    await expect(watcher.getByTestId("connection-state")).toHaveAttribute("data-state", "offline");
    const [held, written] = [await units(watcher), await units(page)];
    // The one thing that is waited for here is the time of the cut itself.
    await watcher.waitForTimeout(CUT_MS);
    expect(await units(watcher)).toBe(held);
    expect(await units(page)).toBeGreaterThan(written + 1_000);
    await cut(false);
    await expect(watcher.getByTestId("connection-state")).toHaveAttribute("data-state", "live", { timeout: 45_000 });

    for (const viewer of [page, watcher]) await expect(tiles(viewer, "done")).toHaveCount(8, { timeout: 45_000 });
    const byId = (samples: readonly TileSample[]) => [...samples].sort((a, b) => a.id.localeCompare(b.id));
    expect(byId(await sampleTiles(watcher))).toEqual(byId(await sampleTiles(page)));
    for (const { agent } of await sampleTiles(page)) {
      const text = (viewer: typeof page) => tileOf(viewer, agent).getByTestId("stream-text").textContent();
      await tileOf(watcher, agent).scrollIntoViewIfNeeded();
      await tileOf(page, agent).scrollIntoViewIfNeeded();
      await expect.poll(() => text(watcher), agent).toBe(await text(page));
      expect((await text(page))?.length, agent).toBeGreaterThan(1_000);
    }
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
