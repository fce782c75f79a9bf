import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, publishSample, test, tiles } from "./desktop.js";

const root = join(import.meta.dirname, "..");

/** `FLOCKDECK_UPDATE_IMAGES=1 npx playwright test screenshots` renews the pictures of the README and the docs. */
const updates = Boolean(process.env.FLOCKDECK_UPDATE_IMAGES);

for (const scheme of ["light", "dark"] as const) {
  test(`the deck with eight streams, ${scheme}`, async ({ launch }, info) => {
    const { page } = await launch();
    await page.emulateMedia({ colorScheme: scheme });
    await publishSample(page);
    await expect(tiles(page, "live")).toHaveCount(8);
    await expect
      .poll(async () => Number(await tiles(page, "live").first().getAttribute("data-length")), { timeout: 30_000 })
      .toBeGreaterThan(900);
    const folder = updates ? join(root, "docs", "images") : info.outputDir;
    await mkdir(folder, { recursive: true });
    await page.screenshot({ path: join(folder, scheme === "light" ? "deck.png" : "deck-dark.png") });
  });
}
