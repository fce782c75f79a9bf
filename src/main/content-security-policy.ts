const directives = [
  ["default-src", "'none'"],
  ["script-src", "'self'"],
  ["style-src", "'self'"],
  ["img-src", "'self'", "data:"],
  ["font-src", "'self'"],
  ["connect-src", "'self'"],
  ["worker-src", "'self'"],
  ["base-uri", "'none'"],
  ["form-action", "'none'"],
  ["frame-src", "'none'"],
  ["frame-ancestors", "'none'"],
  ["object-src", "'none'"],
] as const;

/** What the page may load: its own files, and pictures that are inside the text. */
export const contentSecurityPolicy = directives.map((directive) => directive.join(" ")).join("; ");
