/** What a page may never do: go elsewhere, open windows, embed others, or ask the system for anything. */
import { type Session, shell, type WebContents } from "electron";

/** Only these leave the app, and only to the system's browser. */
export function isExternalLink(url: string): boolean {
  try {
    return ["http:", "https:"].includes(new URL(url).protocol);
  } catch {
    return false;
  }
}

function openOutside(url: string): void {
  if (isExternalLink(url)) void shell.openExternal(url);
}

export function guardContents(contents: WebContents, origin: string): void {
  const isOwnPage = (url: string) => url === origin || url.startsWith(`${origin}/`);
  contents.setWindowOpenHandler(({ url }) => {
    if (!isOwnPage(url)) openOutside(url);
    return { action: "deny" };
  });
  contents.on("will-navigate", (event, url) => {
    if (isOwnPage(url)) return;
    event.preventDefault();
    openOutside(url);
  });
  contents.on("will-redirect", (event, url) => {
    if (!isOwnPage(url)) event.preventDefault();
  });
  contents.on("will-attach-webview", (event) => event.preventDefault());
}

/** The page may write to the clipboard, for its copy buttons; every other permission is denied. */
export function denyPermissions(session: Session): void {
  const allowed = "clipboard-sanitized-write";
  session.setPermissionRequestHandler((_contents, permission, answer) => answer((permission as string) === allowed));
  session.setPermissionCheckHandler((_contents, permission) => permission === allowed);
  session.setDevicePermissionHandler(() => false);
}
