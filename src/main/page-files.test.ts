import { expect, test } from "vitest";
import { PageFiles } from "./page-files.js";

const html = Buffer.from(`<script type="module" src="./assets/a.js"></script>
<link rel="stylesheet" href="./assets/b.css"><link rel="icon" href="data:,">`);

test("a page is served once its HTML and every file that this names are", () => {
  const files = new PageFiles();
  expect(files.served("/assets/a.js", Buffer.from(""))).toBe(false);
  expect(files.served("/index.html", html)).toBe(false);
  expect(files.served("/assets/b.css", Buffer.from(""))).toBe(false);
  expect(files.served("/assets/font.woff2", Buffer.from(""))).toBe(false);
  expect(files.served("/assets/a.js", Buffer.from(""))).toBe(true);
});
