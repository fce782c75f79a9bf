import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { assetPath, serveAsset } from "./app-protocol.js";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flockdeck-page-"));
  await writeFile(join(folder, "index.html"), "<p>page</p>");
  await writeFile(join(folder, "secret.pem"), "key");
});

const get = (url: string, method = "GET") => serveAsset(folder, { url, method });

test.each(["app://flockdeck/", "app://flockdeck/index.html", "app://flockdeck/index.html?x=1#y"])(
  "%s is the page",
  async (url) => {
    const { statusCode, headers, data } = await get(url);
    expect(statusCode).toBe(200);
    expect(data.toString()).toBe("<p>page</p>");
    expect(headers["Content-Type"]).toBe("text/html; charset=utf-8");
  },
);

test("every answer has the policy that lets nothing foreign and nothing inline run", async () => {
  for (const url of ["app://flockdeck/", "app://flockdeck/missing.js"]) {
    const policy = (await get(url)).headers["Content-Security-Policy"] ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  }
});

test("no answer has the page begin anew in a process of its own", async () => {
  const { headers } = await get("app://flockdeck/");
  expect(Object.keys(headers).filter((name) => /^cross-origin/i.test(name))).toEqual([]);
});

test.each([
  ["a missing file", "app://flockdeck/missing.js", "GET", 404],
  ["a kind of file that no page needs", "app://flockdeck/secret.pem", "GET", 404],
  ["another host", "app://elsewhere/index.html", "GET", 404],
  ["another scheme", "file:///etc/passwd", "GET", 404],
  ["a way out, encoded", "app://flockdeck/..%2f..%2fetc%2fpasswd", "GET", 404],
  ["a broken escape", "app://flockdeck/%E0%A4%A", "GET", 404],
  ["a null byte", "app://flockdeck/index.html%00.js", "GET", 404],
  ["another method", "app://flockdeck/", "POST", 405],
])("%s is refused", async (_what, url, method, status) => {
  expect((await get(url, method)).statusCode).toBe(status);
});

test("no URL names a file outside the folder", () => {
  const piece = fc.constantFrom("..", "%2e%2e", "%2f", "%5c", "\\", "/", "a", ".", "//", "index.html", "%00", "%");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const file = assetPath("/srv/page", `app://flockdeck/${pieces.join("")}`);
      expect(file === undefined || file.startsWith("/srv/page/")).toBe(true);
    }),
  );
});
