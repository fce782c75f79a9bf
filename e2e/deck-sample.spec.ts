import { writeFile } from "node:fs/promises";
import { tileOf } from "./desktop.js";
import { expect, onBothSurfaces, test } from "./surfaces.js";

const FLOCK = `name: Pairs
types:
  Order: { type: object, properties: { title: { type: string } }, required: [title] }
  Bill: text
agents:
  - { name: clerk, description: Bill two orders., consumes: [Order, Order], publishes: [Bill], model: "demo/essay?chars=200" }
publish:
  - Order: { title: Three kites }
  - Order: { title: Two gliders }
`;

onBothSurfaces(() => {
  test("a sample of two artifacts goes into one workflow at one press", async ({ open }, info) => {
    const file = info.outputPath("pairs.yaml");
    await writeFile(file, FLOCK);
    const { page } = await open(file);
    await page.getByRole("button", { name: "Publish the whole sample: 2 × Order" }).click();
    await expect(tileOf(page, "clerk")).toHaveAttribute("data-state", "done");
    await expect(tileOf(page, "clerk").getByRole("button", { name: "← 2 × Order" })).toBeVisible();
  });
});
