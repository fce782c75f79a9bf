/** Chromium as a colleague has it: a browser with a link. */
import { type Browser, chromium, type Page } from "@playwright/test";
import { findChromium } from "../scripts/lib/system-packages.mjs";

/** As large as a new window. */
export const VIEWPORT = { width: 1440, height: 900 };

export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  return chromium.launch({ ...(executablePath === undefined ? {} : { executablePath }), args: ["--no-sandbox"] });
}

/** Opens a link in a profile of its own. */
export async function openLink(browser: Browser, link: string): Promise<Page> {
  const page = await browser.newPage({ viewport: VIEWPORT });
  await page.goto(link);
  return page;
}
