const icon = (edge: string, drawing: string) =>
  `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke-width="3" stroke-linecap="round"><rect width="32" height="32" rx="7" fill="${edge}"/>${drawing}</svg>`,
  )}`;

const PRESENT = icon(
  "#16202b",
  '<path d="m6 14 5-4 5 4M16 11l5-4 5 4" stroke="#f4f6f8"/><path d="m16 19 5-4 5 4" stroke="#4fc3a1"/><path d="M6 25h14" stroke="#f4f6f8"/>',
);
const OFFLINE = icon("#6b7075", '<path d="M11.5 7.5a9.5 9.5 0 1 0 9 0M8 8l16 16" stroke="#fff"/>');

/** What stands beside the title in a browser's tab, which may be all that is seen of the page. */
export function showFavicon(offline: boolean): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (link !== null) link.href = offline ? OFFLINE : PRESENT;
}
