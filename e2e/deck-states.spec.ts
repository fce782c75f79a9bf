import { openLink } from "./browsers.js";
import { flockFile, publishSample, tileOf, tiles } from "./desktop.js";
import { expect, onBothSurfaces, serve, test } from "./surfaces.js";

onBothSurfaces(() => {
  test("what is empty says what to do next", async ({ open }) => {
    const { page, surface } = await open("stages.yaml");
    await expect(page.getByRole("heading", { name: "Stages is ready" })).toBeVisible();
    await expect(
      page.getByText("Publish the sample, or edit it first: 4 agents start at once, 2 more follow."),
    ).toBeVisible();
    await page.getByTestId("view-timeline").click();
    await expect(page.getByText("Publish something: every run becomes a bar here")).toBeVisible();
    await page.getByTestId("view-board").click();
    await expect(page.getByText("Whatever is published, by you or by an agent, is listed here")).toBeVisible();
    // The graph is never empty: it shows who waits for what.
    await page.getByTestId("view-graph").click();
    await expect(page.locator(".graph-agent")).toHaveCount(6);
    await page.getByTestId("view-deck").click();

    await publishSample(page);
    await expect(tileOf(page, "editor")).toHaveAttribute("data-state", "done");
    await tileOf(page, "patient").getByTestId("stream-stop").click();
    await expect(tiles(page, "live")).toHaveCount(0);
    await page.getByRole("button", { name: "Arrange" }).click();
    await page.getByRole("menuitem", { name: "Clear finished tiles" }).click();
    await expect(page.getByRole("heading", { name: "Stages is ready" })).toBeVisible();
    expect(surface).toMatch(/window|Chromium/);
  });

  test("an agent without a key says which, and where it is set", async ({ open, surface }) => {
    const { page } = await open("trouble.yaml");
    await publishSample(page);
    const tile = tileOf(page, "keyless");
    await expect(tile).toHaveAttribute("data-state", "failed");
    await expect(tile.locator(".stream-fault")).toContainText("press needs a key: set PRESS_TEST_KEY");
    await expect(tile.locator(".stream-fault")).toContainText("No text had come.");
    if (surface === "window") {
      await tile.getByRole("button", { name: "Set a key" }).click();
      await expect(page.getByRole("dialog", { name: "Settings" }).locator('[data-provider="press"]')).toContainText(
        "PRESS_TEST_KEY",
      );
      return;
    }
    // A key is set where the flock runs; from here it can only be tried again.
    await expect(tile.getByRole("button", { name: "Set a key" })).toHaveCount(0);
    await tile.getByRole("button", { name: "Run all again" }).click();
    await expect(page.locator('[data-agent="keyless"][data-state="failed"]')).toHaveCount(2);
  });

  test("a failure says what happened, what was kept, and offers the next step", async ({ open }) => {
    const { page } = await open("stages.yaml");
    await publishSample(page);
    const fault = tileOf(page, "faulty").locator(".stream-fault");
    await expect(fault).toContainText("demo/fail reported an error in mid-stream.");
    await expect(fault).toContainText("160 characters were kept.");
    await page.getByRole("button", { name: "Compact density" }).click();
    const width = async (selector: string) =>
      (await tileOf(page, "faulty").locator(selector).boundingBox())?.width ?? 0;
    await expect
      .poll(async () => (await width(".stream-fault p")) / (await width(".stream-fault")))
      .toBeGreaterThan(0.8);
    await page.getByRole("button", { name: "Reading density" }).click();
    await fault.getByRole("button", { name: "Run all again" }).click();
    await expect(page.getByText("Published Topic again.")).toBeVisible();
    await expect(page.locator('[data-agent="faulty"][data-state="failed"]')).toHaveCount(2);
  });
});

test.describe("Chromium", () => {
  test.use({ surface: "Chromium" });

  test("offline says so, counts down, keeps what is there, and comes back at a press", async ({ open }, info) => {
    const { page } = await open("stages.yaml");
    await publishSample(page);
    await expect(tileOf(page, "editor")).toHaveAttribute("data-state", "done");
    await page.context().setOffline(true);
    const state = page.getByTestId("connection-state");
    await expect(state).toHaveAttribute("data-state", "offline");
    await expect(state).toContainText(/Offline\s*retry in \d+s/);
    await expect(tiles(page)).toHaveCount(6);
    await page.getByTestId("publish-button").click();
    await expect(page.getByText("Offline: publishing waits for the connection")).toBeVisible();
    await expect(page.getByTestId("publish-submit")).toBeDisabled();
    await page.keyboard.press("Escape");
    await page.screenshot({ path: info.outputPath("offline.png") });
    const before = Number(await tileOf(page, "patient").getAttribute("data-length"));
    await page.context().setOffline(false);
    await expect(state).toHaveAttribute("data-state", "live");
    await expect
      .poll(async () => Number(await tileOf(page, "patient").getAttribute("data-length")))
      .toBeGreaterThan(before);
  });

  test("a part that cannot be loaded leaves the streams alone, and says what to do", async ({ chromium }, info) => {
    const server = await serve(flockFile("stages.yaml"));
    const context = await chromium.newContext();
    const page = await context.newPage();
    await page.route(/timeline-view|settings-dialog/, (route) => route.abort());
    try {
      await page.goto(server.control);
      await publishSample(page);
      await expect(tileOf(page, "editor")).toHaveAttribute("data-state", "done");
      const told = page.getByRole("dialog", { name: "This could not be shown" });
      for (const open of [page.getByTestId("view-timeline"), page.getByRole("button", { name: "Settings" })]) {
        await open.click();
        await expect(told).toContainText("The streams go on.");
        await page.screenshot({ path: info.outputPath("not-loaded.png") });
        await told.getByRole("button", { name: "Back to the streams" }).click();
        await expect(told).toHaveCount(0);
        await expect(tiles(page)).toHaveCount(6);
      }
    } finally {
      await context.close();
      await server.stop();
    }
  });

  test("a server that is gone, and a link that is not valid, say so and what to do", async ({ chromium }, info) => {
    const server = await serve(flockFile("stages.yaml"));
    const page = await openLink(chromium, server.watch.replace(/token=.*/, "token=not-a-token"));
    try {
      const words = "This link is not valid any more. Ask for a new one, or enter its token.";
      await expect(page.getByText(words)).toBeVisible();
      await expect(page.getByLabel("Token")).toBeFocused();
      await page.screenshot({ path: info.outputPath("refused.png") });

      await page.goto("about:blank");
      await page.goto(server.watch);
      await expect(page.getByText("Stages is quiet")).toBeVisible();
      await expect(page.getByText("As soon as somebody publishes, every stream appears here by itself.")).toBeVisible();
      await server.stop();
      await expect(page.getByTestId("connection-state")).toHaveAttribute("data-state", "offline");
      await expect(page.getByRole("button", { name: "Retry now" })).toBeVisible();
      await page.screenshot({ path: info.outputPath("gone.png") });
    } finally {
      await page.context().close();
      await server.stop();
    }
  });

  test("while it is loading the page says what it waits for", async ({ chromium }) => {
    const server = await serve(flockFile("stages.yaml"));
    const context = await chromium.newContext();
    const page = await context.newPage();
    let letIn = () => {};
    const held = new Promise<void>((resolve) => {
      letIn = resolve;
    });
    await page.routeWebSocket("**", async (socket) => {
      await held;
      socket.connectToServer();
    });
    try {
      await page.goto(server.watch);
      await expect(page.locator(".empty").getByText("Connecting")).toBeVisible();
      await expect(page.getByTestId("connection-state")).toHaveAttribute("data-state", "connecting");
      letIn();
      await expect(page.getByText("Stages is quiet")).toBeVisible();
    } finally {
      await context.close();
      await server.stop();
    }
  });

  test("a server that takes the connection and says nothing is given up, and asked anew at a press", async ({
    chromium,
  }) => {
    const server = await serve(flockFile("stages.yaml"));
    const context = await chromium.newContext();
    const page = await context.newPage();
    let sockets = 0;
    let mute = true;
    await page.routeWebSocket("**", (socket) => {
      sockets += 1;
      if (!mute) socket.connectToServer();
    });
    await page.clock.install();
    try {
      await page.goto(server.watch);
      await expect.poll(() => sockets).toBe(1);
      await page.clock.runFor(10_000);
      await expect(page.getByText("The server does not answer. It is tried again by itself.")).toBeVisible();
      await page.clock.runFor(1_000);
      await expect.poll(() => sockets).toBe(2);
      mute = false;
      await page.getByRole("button", { name: "Try now", exact: true }).click();
      await expect(page.getByTestId("connection-state")).toHaveAttribute("data-state", "live");
      expect(sockets).toBe(3);
    } finally {
      await context.close();
      await server.stop();
    }
  });
});
