import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, publishSample, test, tiles } from "./desktop.js";

const root = join(import.meta.dirname, "..");

/** `FLOCKDECK_UPDATE_IMAGES=1 npx playwright test screenshots` renews the pictures of the README and the docs. */
const updates = Boolean(process.env.FLOCKDECK_UPDATE_IMAGES);

const CITIES =
  `Accra Aden Agadir Algiers Almaty Amman Ankara Athens Austin Baku Bamako Bari Basel Beirut Belfast Bergen Berlin
Bilbao Bogotá Boston Bremen Brno Bruges Busan Cádiz Cairo Calgary Chennai Chicago Cork Cusco Dakar Dallas Delhi Dhaka
Doha Dublin Durban Essen Fez Galway Gdańsk Geneva Ghent Graz Haifa Hanoi Harare Havana Helsinki Hobart Houston Izmir
Jaipur Kigali Kraków Kyiv Kyoto Lagos Lahore Leipzig Lille Lima Lisbon Łódź Lomé London Lusaka Lviv Lyon Madrid Malmö
Manila Maputo Medan Milan Minsk Nagoya Nairobi Nantes Naples Odesa Osaka Oslo Ottawa Palermo Paris Perth Porto Prague
Quito Recife Riga Rome Seoul Sofia Split Tallinn Tbilisi Tokyo`.split(/\s+/);

/** Correspondents who write at once, one of whom fails, and a desk that waits for all of them. */
function correspondents(count: number): string {
  const agents = CITIES.slice(0, count - 1).map((city, at) => {
    const model =
      at === 6
        ? "demo/fail?after=420&how=error"
        : `demo/essay?tps=${24 + ((at * 7) % 30)}&chars=${at % 11 === 4 ? 700 : 4000}&seed=${at + 1}`;
    return `  - { name: ${city}, description: Write from ${city}., consumes: [Brief], publishes: [Report], model: "${model}" }`;
  });
  return `name: Correspondents
types:
  Brief: { type: object, properties: { title: { type: string } }, required: [title] }
  Report: text
  Page: text
agents:
${agents.join("\n")}
  - { name: desk, description: Make one page of all reports., consumes: [${Array(count - 2)
    .fill("Report")
    .join(", ")}], publishes: [Page], model: demo/essay }
publish:
  Brief: { title: The morning after the storm }
`;
}

const SIZES = [
  {
    count: 8,
    density: "Reading",
    names: { light: ["deck-8-light.png"], dark: ["deck-8-dark.png"] },
  },
  { count: 24, density: "Compact", names: { light: ["deck-24-light.png"], dark: ["deck-24-dark.png"] } },
  { count: 100, density: "Wall", names: { light: ["deck-100-light.png"], dark: ["deck-100-dark.png"] } },
] as const;

for (const { count, density, names } of SIZES) {
  for (const scheme of ["light", "dark"] as const) {
    test(`the deck with ${count} streams, ${scheme}`, async ({ launch }, info) => {
      const file = info.outputPath("correspondents.yaml");
      await writeFile(file, correspondents(count));
      const bundled = count === 8;
      const { page } = await launch(bundled ? {} : { args: [file] });
      await page.emulateMedia({ colorScheme: scheme });
      await page.getByRole("button", { name: `${density} density` }).click();
      await publishSample(page);
      if (bundled) await expect(tiles(page, "live")).toHaveCount(count);
      else {
        await expect(tiles(page)).toHaveCount(count);
        await expect(tiles(page, "failed")).toHaveCount(1);
      }
      await expect
        .poll(async () => Number(await tiles(page, "live").first().getAttribute("data-length")), { timeout: 30_000 })
        .toBeGreaterThan(900);
      await page.mouse.move(0, 0);
      const shown = await tiles(page).evaluateAll(
        (all) => all.filter((tile) => tile.getBoundingClientRect().bottom <= innerHeight).length,
      );
      if (count !== 8) expect(shown).toBe(count);
      const folder = updates ? join(root, "docs", "images") : info.outputDir;
      await mkdir(folder, { recursive: true });
      for (const name of names[scheme]) await page.screenshot({ path: join(folder, name) });
    });
  }
}
