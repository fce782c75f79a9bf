import { expect, publishSample, sampleTiles, test, tileOf, tiles } from "./desktop.js";

test("eight agents stream at once, each can be stopped alone, and what they make is listed", async ({
  launch,
}, info) => {
  const { page, faults } = await launch();
  await expect(page.getByTestId("flock-name")).toHaveText(/Newsroom/);
  await publishSample(page);

  await expect(tiles(page, "live")).toHaveCount(8);
  const first = (await sampleTiles(page)).filter(({ state }) => state === "live");
  expect(new Set(first.map(({ agent }) => agent)).size).toBe(8);

  await test.step("all eight grow at the same time", async () => {
    await expect
      .poll(async () => {
        const later = new Map((await sampleTiles(page)).map((tile) => [tile.id, tile]));
        return first.filter(({ id, length }) => {
          const tile = later.get(id);
          return tile?.state === "live" && tile.length > length;
        }).length;
      })
      .toBe(8);
  });

  const victim = "poet";
  await test.step("one is stopped and keeps its text while the others go on", async () => {
    await expect(tileOf(page, victim).getByTestId("stream-text")).not.toBeEmpty();
    await tileOf(page, victim).getByTestId("stream-stop").click();
    await expect(tileOf(page, victim)).toHaveAttribute("data-state", "stopped");
    const stopped = await sampleTiles(page);
    const kept = stopped.find(({ agent }) => agent === victim);
    expect(kept?.length).toBeGreaterThan(0);
    await expect
      .poll(async () => {
        const later = await sampleTiles(page);
        const longer = later.filter(({ id, length }) => length > (stopped.find((tile) => tile.id === id)?.length ?? 0));
        return longer.map(({ agent }) => agent).sort();
      })
      .toEqual(
        first
          .map(({ agent }) => agent)
          .filter((agent) => agent !== victim)
          .sort(),
      );
    expect((await sampleTiles(page)).find(({ agent }) => agent === victim)).toEqual(kept);
    await expect(tileOf(page, victim).getByTestId("stream-text")).not.toBeEmpty();
  });

  await page.screenshot({ path: info.outputPath("streaming.png") });

  await test.step("agents downstream start when their inputs are complete", async () => {
    await expect(tileOf(page, "news editor")).toHaveAttribute("data-state", "live", { timeout: 30_000 });
    const inputs = (await sampleTiles(page)).filter(({ agent }) =>
      ["historian", "economist", "scientist"].includes(agent),
    );
    expect(inputs.map(({ state }) => state)).toEqual(["done", "done", "done"]);
    await expect(tileOf(page, victim)).toHaveAttribute("data-state", "stopped");
  });

  await test.step("artifacts are listed and open to show their payload", async () => {
    await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: "Board" }).click();
    await expect(page.getByTestId("artifact-row").nth(1)).toBeVisible();
    await page.getByTestId("artifact-row").filter({ hasText: "Topic" }).first().click();
    await expect(page.getByTestId("artifact-payload")).toContainText("title");
    await page.screenshot({ path: info.outputPath("artifacts.png") });
  });

  expect(faults).toEqual([]);
});
