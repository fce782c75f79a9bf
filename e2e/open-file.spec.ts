import { join } from "node:path";
import { expect, flockFile, publishSample, test, tiles } from "./desktop.js";

test("a broken file gives every fault with its line, and the flock that ran goes on", async ({ launch }, info) => {
  const { app, page } = await launch();
  await expect(page.getByTestId("flock-name")).toHaveText(/Newsroom/);
  await publishSample(page);
  await expect(tiles(page, "live")).toHaveCount(8);

  await app.evaluate(
    ({ app }, path) => app.emit("open-file", { preventDefault: () => {} }, path),
    flockFile("broken.yaml"),
  );
  const faults = page.getByTestId("fault-row");
  await expect(faults.filter({ hasText: "Topik" })).toContainText("11");
  await expect(faults.filter({ hasText: "Page" })).toContainText("16");
  await expect(faults.filter({ hasText: "max_concurency" })).toContainText("17");
  await page.screenshot({ path: info.outputPath("broken-file.png") });

  await expect(page.getByTestId("flock-name")).toHaveText(/Newsroom/);
  await expect(tiles(page, "live")).toHaveCount(8);
});

test("a broken file on the command line opens the example beside its faults", async ({ launch }) => {
  const { page } = await launch({ args: [flockFile("broken.yaml")] });
  await expect(page.getByTestId("fault-row").first()).toBeVisible();
  await expect(page.getByTestId("flock-name")).toHaveText(/Newsroom/);
});

test("a file opened later takes over the window, and is there among the recent ones at the next start", async ({
  launch,
}, info) => {
  const userData = info.outputPath("user-data");
  const first = await launch({ userData });
  await expect(first.page.getByTestId("flock-name")).toHaveText(/Newsroom/);
  await first.app.evaluate(
    ({ app }, path) => app.emit("open-file", { preventDefault: () => {} }, path),
    flockFile("echo.yaml"),
  );
  await expect(first.page.getByTestId("flock-name")).toHaveText(/Echo/);
  await publishSample(first.page);
  await expect(tiles(first.page, "done")).toHaveCount(1);
  await expect(first.page.getByTestId("stream-text")).toHaveText(/Said again, word for word/);
  await first.close();

  const second = await launch({ userData });
  await expect(second.page.getByTestId("flock-name")).toHaveText(/Newsroom/);
  const recent = await second.app.evaluate(({ Menu }) => {
    const file = Menu.getApplicationMenu()?.items.find(({ label }) => label === "File");
    const menu = file?.submenu?.items.find(({ label }) => label === "Open recent");
    return menu?.submenu?.items.map(({ label }) => label);
  });
  expect(recent).toEqual(["echo.yaml"]);
});

test("a file dropped on the window opens", async ({ launch }) => {
  const { page } = await launch();
  await expect(page.getByTestId("flock-name")).toHaveText(/Newsroom/);
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files: [join(flockFile("echo.yaml"))], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await devtools.send("Input.dispatchDragEvent", { type, x: 400, y: 400, data });
  }
  await expect(page.getByTestId("flock-name")).toHaveText(/Echo/);
});

test("a second start hands its file to the window that is open", async ({ launch }, info) => {
  const userData = info.outputPath("user-data");
  const { app, page } = await launch({ userData });
  await expect(page.getByTestId("flock-name")).toHaveText(/Newsroom/);
  await app.evaluate(
    ({ app }, path) => app.emit("second-instance", {}, ["electron", "--no-sandbox", path], "/"),
    flockFile("echo.yaml"),
  );
  await expect(page.getByTestId("flock-name")).toHaveText(/Echo/);
});
