/** out/lib: what programs import. One build with shared chunks, so that all entries have the same classes. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { root, toolNode } from "./paths.mjs";
import { run } from "./run.mjs";

/** Name in out/lib → source. package.json exports the same ones. */
export const libraryEntries = {
  "core/index": "src/core/index.ts",
  "engines/index": "src/engines/index.ts",
  "flockfile/index": "src/flockfile/index.ts",
  "server/library": "src/server/library.ts",
  "cli/library": "src/cli/library.ts",
};

const outDir = join(root, "out", "lib");
const typesOutside = /^(zod|node:.+)$/;

export async function buildLibrary() {
  rmSync(outDir, { recursive: true, force: true });
  const { build } = await import("vite");
  await build({
    root,
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    resolve: { conditions: ["node", "module", "import", "default"], mainFields: ["module", "main"] },
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: "node20",
      outDir,
      minify: false,
      reportCompressedSize: false,
      lib: {
        entry: Object.fromEntries(Object.entries(libraryEntries).map(([name, source]) => [name, join(root, source)])),
        formats: ["es"],
      },
      rolldownOptions: {
        preserveEntrySignatures: "strict",
        external: [/^zod(\/.*)?$/, ...builtinModules.flatMap((name) => [name, `node:${name}`])],
        output: { entryFileNames: "[name].js", chunkFileNames: "chunks/[name].js" },
      },
    },
  });
  await declareTypes();
}

/** The declarations that the entries reach, and no others: those of the inside name packages that users have not. */
async function declareTypes() {
  const folder = mkdtempSync(join(tmpdir(), "flockdeck-types-"));
  try {
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const args = ["-p", "scripts/lib/library.tsconfig.json", "--outDir", folder];
    const { code, output } = await run(toolNode(), [tsc, ...args], { cwd: root });
    if (code !== 0) throw new Error(`The types of the library do not compile:\n${output}`);
    const from = join(folder, "src");
    for (const file of reachable(Object.keys(libraryEntries).map((name) => join(from, `${name}.d.ts`)))) {
      const to = join(outDir, relative(from, file));
      mkdirSync(dirname(to), { recursive: true });
      copyFileSync(file, to);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Throws where a declaration names a package that does not come with this one. */
function reachable(entries) {
  const found = new Set(entries);
  for (const file of found) {
    for (const specifier of specifiersOf(readFileSync(file, "utf8"))) {
      const target = join(dirname(file), specifier.replace(/\.js$/, ".d.ts"));
      if (specifier.startsWith(".") && existsSync(target)) found.add(target);
      else if (!typesOutside.test(specifier))
        throw new Error(`${file}: a type of the library needs ${specifier}, which is not installed with it`);
    }
  }
  return found;
}

function specifiersOf(declarations) {
  return [...declarations.matchAll(/(?:\bfrom\s|\bimport\s*\(?)\s*["']([^"']+)["']/g)].map((match) => match[1]);
}
