/** WCAG as far as axe-core can tell, in every look that the page has. */
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./desktop.js";

const LOOKS = [
  { name: "light", colorScheme: "light", contrast: "no-preference" },
  { name: "dark", colorScheme: "dark", contrast: "no-preference" },
  { name: "light, high contrast", colorScheme: "light", contrast: "more" },
  { name: "dark, high contrast", colorScheme: "dark", contrast: "more" },
] as const;

/** What depends on the look; everything else is the same in each. */
const COLOUR_RULES = ["color-contrast", "link-in-text-block"];

/** What axe finds on the page in every look, and pictures of it. */
export async function check(page: Page, what: string, picture: (name: string) => string): Promise<void> {
  for (const { name, colorScheme, contrast } of LOOKS) {
    await test.step(`${what}, ${name}`, async () => {
      await page.emulateMedia({ colorScheme, contrast });
      await expect(page.locator("html")).toHaveAttribute("data-theme", colorScheme);
      await expect(page.locator("html")).toHaveAttribute("data-contrast", contrast === "more" ? "more" : "normal");
      // Axe's other way opens a page of its own, which no window of Electron can. GFM itself gives a task's box no label.
      const axe = new AxeBuilder({ page }).setLegacyMode();
      const { violations } = await (name === "light" ? axe : axe.withRules(COLOUR_RULES)).analyze();
      const told = violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}\n  ${failureSummary}`),
      );
      expect.soft(told, `${what}, ${name}`).toEqual([]);
      if (contrast !== "more")
        await page.screenshot({ path: picture(`${what}, ${name}.png`.replaceAll(/[ ,]+/g, "-")) });
    });
  }
}
