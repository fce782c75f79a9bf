import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "electron-vite";
import { root } from "./scripts/lib/paths.mjs";
import { nodeBundle } from "./scripts/lib/vite-shared.mjs";

const sharedByAll =
  /node_modules[\\/](?:react|react-dom|scheduler|jotai|jotai-family)[\\/]|src[\\/]renderer[\\/](?:state|ui)[\\/]/;

export default defineConfig({
  main: nodeBundle("main"),
  preload: nodeBundle("preload"),
  renderer: {
    root: "src/renderer",
    plugins: [react()],
    build: {
      // The oldest Chromium that runs it is the fallback runtime's.
      target: "chrome114",
      minify: true,
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 2_000,
      rolldownOptions: {
        input: join(root, "src/renderer/index.html"),
        // What the first page shares with what comes later is one file: each file is a turn of the main process at start.
        output: { codeSplitting: { groups: [{ name: "shared", test: sharedByAll }] } },
      },
    },
  },
});
