import { expect, flockFile, publishSample, test, tiles } from "./desktop.js";

test("the page has nothing of Node or Electron, and its origin is its own", async ({ launch }) => {
  const { page } = await launch();
  await expect(page.getByTestId("flock-name")).toBeVisible();
  const globals = await page.evaluate(() =>
    ["process", "require", "module", "Buffer", "global", "electron", "ipcRenderer", "__dirname"].filter(
      (name) => name in window,
    ),
  );
  expect(globals).toEqual([]);
  expect(await page.evaluate(() => window.location.origin)).toBe("app://flockdeck");
});

test("the window is sandboxed and isolated", async ({ launch }) => {
  const { app, page } = await launch();
  await expect(page.getByTestId("flock-name")).toBeVisible();
  const preferences = await app.evaluate(({ webContents }) => {
    const [contents] = webContents.getAllWebContents();
    // Not in Electron's types, yet there in every version: what the window really got.
    return (contents as unknown as { getLastWebPreferences(): unknown }).getLastWebPreferences();
  });
  expect(preferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
    webSecurity: true,
  });
});

test("the policy stops inline scripts, eval, foreign pictures and foreign connections", async ({ launch }) => {
  const { page } = await launch();
  await expect(page.getByTestId("flock-name")).toBeVisible();
  const connected = await page.evaluate(async () => {
    const blocked: string[] = [];
    Object.assign(window, { blocked });
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => blocked.push(effectiveDirective));
    const script = document.createElement("script");
    script.textContent = "window.inlineRan = true";
    document.head.append(script);
    const picture = new Image();
    picture.src = "https://example.com/picture.png";
    const frame = document.createElement("iframe");
    frame.src = "https://example.com/";
    document.body.append(frame);
    // A timer given a string is an eval that the debugger's own exemption does not cover.
    window.setTimeout("window.evalRan = true", 0);
    return fetch("https://example.com/").then(
      () => true,
      () => false,
    );
  });
  expect(connected).toBe(false);
  await expect
    .poll(async () =>
      (await page.evaluate(() => [...new Set((window as unknown as { blocked: string[] }).blocked)])).sort(),
    )
    .toEqual(["connect-src", "frame-src", "img-src", "script-src", "script-src-elem"]);
  expect(await page.evaluate(() => ["inlineRan", "evalRan"].filter((name) => name in window))).toEqual([]);
});

test("navigation and new windows stay out; links leave for the system's browser", async ({ launch }) => {
  const { app, page } = await launch();
  await expect(page.getByTestId("flock-name")).toBeVisible();
  await app.evaluate(({ shell }) => {
    const opened: string[] = [];
    Object.assign(globalThis, { openedOutside: opened });
    shell.openExternal = async (url) => {
      opened.push(url);
    };
  });
  await page.evaluate(() => {
    window.open("https://example.com/new-window");
    window.open("file:///etc/passwd");
    window.location.href = "https://example.com/navigated";
  });
  await expect
    .poll(() => app.evaluate(() => (globalThis as unknown as { openedOutside: string[] }).openedOutside))
    .toEqual(["https://example.com/new-window", "https://example.com/navigated"]);
  expect(app.windows()).toHaveLength(1);
  // Playwright still waits for the navigation that was stopped; the window itself does not.
  const shown = await app.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((contents) => contents.getURL()),
  );
  expect(shown).toEqual(["app://flockdeck/index.html"]);
});

test("permissions are denied", async ({ launch }) => {
  const { page } = await launch();
  await expect(page.getByTestId("flock-name")).toBeVisible();
  const states = await page.evaluate(async () => {
    const names = ["geolocation", "camera", "microphone", "notifications"] as PermissionName[];
    const results = await Promise.all(names.map((name) => navigator.permissions.query({ name })));
    return results.map(({ state }) => state);
  });
  expect(states).toEqual(["denied", "denied", "denied", "denied"]);
});

test("hostile text stays text", async ({ launch }) => {
  const { app, page } = await launch({ args: [flockFile("hostile.yaml")] });
  await app.evaluate(({ shell }) => {
    shell.openExternal = async () => {};
  });
  await publishSample(page);
  await expect(tiles(page, "done")).toHaveCount(1);
  const text = page.getByTestId("stream-text").first();
  await expect(text).toContainText("The end of it.");
  await text.getByText("a link that runs").click({ force: true });
  expect(await page.evaluate(() => "pwned" in window)).toBe(false);
  expect(await text.locator("script, iframe").count()).toBe(0);
  expect(page.url()).toMatch(/^app:\/\/flockdeck\//);
});

test("a reloaded page gets a port of its own and shows the same text", async ({ launch }) => {
  const { page } = await launch({ args: [flockFile("echo.yaml")] });
  await publishSample(page);
  await expect(tiles(page, "done")).toHaveCount(1);
  const before = await page.getByTestId("stream-text").first().textContent();
  await page.reload();
  await expect(tiles(page, "done")).toHaveCount(1);
  expect(await page.getByTestId("stream-text").first().textContent()).toBe(before);
});
