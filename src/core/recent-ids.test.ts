import { expect, test } from "vitest";
import { RecentIds } from "./recent-ids.js";

test("at least the last ones are remembered, and at most twice as many", () => {
  const recent = new RecentIds(3);
  const remembered = () => [1, 2, 3, 4, 5, 6, 7, 8].filter((n) => recent.has(`id${n}`));
  for (let n = 1; n <= 5; n++) recent.add(`id${n}`);
  expect(remembered()).toEqual([1, 2, 3, 4, 5]);
  for (let n = 6; n <= 8; n++) recent.add(`id${n}`);
  expect(remembered()).toEqual([4, 5, 6, 7, 8]);
});
