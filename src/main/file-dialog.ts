import { type BrowserWindow, dialog } from "electron";

/** Asks for a flock file; undefined when the user gives up. */
export async function askForFile(window: BrowserWindow): Promise<string | undefined> {
  const { filePaths } = await dialog.showOpenDialog(window, {
    title: "Open flock file",
    properties: ["openFile"],
    filters: [
      { name: "Flock files", extensions: ["yaml", "yml"] },
      { name: "All files", extensions: ["*"] },
    ],
  });
  return filePaths[0];
}

/** Opening another flock stops what is running: only the user may decide that. */
export async function confirmReplace(window: BrowserWindow, live: number): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: "question",
    message: live === 1 ? "One stream is still live." : `${live} streams are still live.`,
    detail: "Opening another flock stops them. Their text so far is gone from the window.",
    buttons: ["Stop them and open", "Keep this flock"],
    defaultId: 1,
    cancelId: 1,
  });
  return response === 0;
}
