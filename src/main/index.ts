/** The desktop app's entry. It runs before Electron opens the display, so that headless flags need none. */
import { app } from "electron";
import { startApp } from "./app.js";
import { relaunchHeadless, wantsHeadless } from "./headless.js";
import { withoutApp } from "./launch-args.js";

const args = withoutApp(process.argv.slice(1), process.cwd(), app.getAppPath());

if (wantsHeadless(args)) process.exit(relaunchHeadless(app.getAppPath(), args));
else startApp();
