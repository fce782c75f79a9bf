import { app, type BrowserWindow, Notification } from "electron";
import type { DesktopRequest } from "../protocol/index.js";

export type AttentionRequest = Extract<DesktopRequest, { method: "set_attention" }>;

/** Tells what needs the user where the user looks: the title bar, the badge, and, by choice, a notification. */
export function showAttention(window: BrowserWindow, request: AttentionRequest, notifications: boolean): void {
  window.setTitle(request.title || "Flockdeck");
  app.setBadgeCount(request.failed);
  if (request.notify === undefined || !notifications || window.isFocused() || !Notification.isSupported()) return;
  const notification = new Notification(request.notify);
  notification.on("click", () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  notification.show();
}
