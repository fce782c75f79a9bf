const allowed = new Set(["http:", "https:", "mailto:"]);

/** `href` if it is an absolute http, https or mailto address, else undefined. */
export function safeHref(href: string | undefined): string | undefined {
  if (href === undefined) return undefined;
  try {
    return allowed.has(new URL(href).protocol) ? href : undefined;
  } catch {
    return undefined;
  }
}
