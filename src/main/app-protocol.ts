/** `app://flockdeck/`: the page's own origin, served from the built renderer and from nowhere else. */
import { readFileSync } from "node:fs";
import { extname, join, sep } from "node:path";
import { contentSecurityPolicy } from "./content-security-policy.js";

export const APP_SCHEME = "app";
export const APP_HOST = "flockdeck";
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;

/** Before the app is ready. */
export const appSchemePrivileges = {
  scheme: APP_SCHEME,
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
} as const;

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
};

/** The file that a URL names, or undefined if it is none of ours. No URL leads out of `folder`. */
export function assetPath(folder: string, url: string): string | undefined {
  let parsed: URL;
  let path: string;
  try {
    parsed = new URL(url);
    path = decodeURIComponent(parsed.pathname);
  } catch {
    return undefined;
  }
  if (parsed.protocol !== `${APP_SCHEME}:` || parsed.host !== APP_HOST || path.includes("\0")) return undefined;
  const file = join(folder, path === "/" ? "index.html" : path);
  return file.startsWith(folder + sep) ? file : undefined;
}

export interface AppResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly data: Buffer;
}

/** Answers one request of the page, at once: the page waits, and the files are few, ours and on this machine. */
export function serveAsset(folder: string, request: { url: string; method: string }): AppResponse {
  // No Cross-Origin-Opener-Policy: nobody opens this page, and the browser would start a second process to begin it anew in.
  const headers = {
    "Content-Security-Policy": contentSecurityPolicy,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
  };
  const plain = { ...headers, "Content-Type": "text/plain; charset=utf-8" };
  if (request.method !== "GET" && request.method !== "HEAD") {
    return { statusCode: 405, headers: plain, data: Buffer.from("Only GET is answered here") };
  }
  const file = assetPath(folder, request.url);
  const contentType = file === undefined ? undefined : contentTypes[extname(file)];
  if (file === undefined || contentType === undefined) {
    return { statusCode: 404, headers: plain, data: Buffer.from("Not found") };
  }
  try {
    return { statusCode: 200, headers: { ...headers, "Content-Type": contentType }, data: readFileSync(file) };
  } catch {
    return { statusCode: 404, headers: plain, data: Buffer.from("Not found") };
  }
}
