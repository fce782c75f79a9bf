import { builtinModules } from "node:module";
import { join } from "node:path";
import { root } from "./paths.mjs";

/** What Node 18 keeps behind a flag and every later Node has. */
const node18 = 'globalThis.crypto ??= require("node:crypto").webcrypto;';

/** What writes the history runs on a thread of its own, from a file of its own; the desktop is loaded with a code cache. */
function entries(name) {
  const index = join(root, "src", name, "index.ts");
  if (name === "preload") return { index };
  const files = { index, "history-writer": join(root, "src", "history", "writer-thread.ts") };
  return name === "main" ? { ...files, desktop: join(root, "src", "main", "desktop.ts") } : files;
}

/**
 * CommonJS, with every library in it, for the oldest Node that runs it: the fallback runtime's 18.
 * @param {"main" | "preload" | "cli"} name the folder under src/ and out/
 * @returns {import("vite").UserConfig}
 */
export function nodeBundle(name) {
  return {
    root,
    publicDir: false,
    resolve: { conditions: ["node", "module", "import", "default"], mainFields: ["module", "main"] },
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: "node18",
      outDir: join(root, "out", name),
      emptyOutDir: true,
      minify: false,
      sourcemap: false,
      reportCompressedSize: false,
      externalizeDeps: false,
      lib: { entry: entries(name), formats: ["cjs"] },
      rolldownOptions: {
        external: ["electron", /^electron\/.+/, "libsql", ...builtinModules.flatMap((m) => [m, `node:${m}`])],
        output: {
          // Comments and white space are a third of what has to be read at each start; names stay, for stack traces.
          minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
          entryFileNames: "[name].cjs",
          chunkFileNames: "[name].cjs",
          codeSplitting: name !== "preload" && {
            // What the programs and the writer share. Without a group the bundler's helpers are put in with it, and the window waits for all of it.
            groups: [{ name: "history", test: /[\\/]src[\\/]history[\\/](?!writer-thread|sqlite-writer)/ }],
          },
          // Scripts that are compiled with a code cache may require, but not import.
          dynamicImportInCjs: false,
          banner: (chunk) => (chunk.isEntry && name !== "preload" ? node18 : ""),
        },
      },
    },
  };
}
