import type { ServerResponse } from "node:http";

/**
 * `unsafe-inline` is for styles only: the dialogs of the viewer's component library insert a style element.
 * Scripts come from this server's files alone, never inline, never evaluated.
 */
function contentSecurityPolicy(host: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src 'self' ws://${host}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

export const API_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** On every answer; those of the API are not cached, and may do nothing where a browser shows them as a page. */
export function setSecurityHeaders(response: ServerResponse): void {
  response.setHeader("Content-Security-Policy", API_POLICY);
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("X-Frame-Options", "DENY");
  response.setHeader("Referrer-Policy", "no-referrer");
  response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
  response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
  response.setHeader("Cache-Control", "no-store");
  response.setHeader("Vary", "Cookie, Authorization, Origin");
}

/** For pages: `host` is the request's `Host`, already found to be one that is served. */
export function pageHeaders(host: string): Record<string, string> {
  return { "Content-Security-Policy": contentSecurityPolicy(host) };
}
