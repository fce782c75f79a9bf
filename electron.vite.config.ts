import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "electron-vite";
import type { PluginOption } from "vite";
import { root } from "./scripts/lib/paths.mjs";
import { nodeBundle } from "./scripts/lib/vite-shared.mjs";

/**
 * What the first layout needs, ahead of the scripts. The font: found only by that layout, it would come after it and cost
 * another one. The style sheet: where it comes last, scripts run before the preload can tell that all files are there.
 */
const headFirst: PluginOption = {
  name: "head-first",
  transformIndexHtml: {
    order: "post",
    handler(html, { bundle }) {
      if (bundle === undefined) return html;
      const font = Object.keys(bundle).find((name) => /\/inter-latin-wght-normal-[^/]*\.woff2$/.test(name));
      const [styles] = html.match(/\s*<link rel="stylesheet"[^>]*>/) ?? [];
      if (font === undefined || styles === undefined) throw new Error("The page has lost its font or its style sheet");
      const preload = `\n    <link rel="preload" as="font" type="font/woff2" crossorigin href="./${font}">`;
      return html.replace(styles, "").replace(/\s*<script/, (script) => `${preload}${styles}${script}`);
    },
  },
};

const sharedByAll =
  /node_modules[\\/](?:react|react-dom|scheduler|jotai|jotai-family)[\\/]|src[\\/]renderer[\\/](?:state|ui)[\\/]/;

export default defineConfig({
  main: nodeBundle("main"),
  preload: nodeBundle("preload"),
  renderer: {
    root: "src/renderer",
    plugins: [react(), headFirst],
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
