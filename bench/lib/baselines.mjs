/** Installs what the product is measured against; none of it weighs on the product. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { root } from "./bundle.mjs";

export function installBaselines() {
  const folder = path.join(root, "bench/baselines");
  if (existsSync(path.join(folder, "node_modules/.package-lock.json"))) return;
  console.log("  installing the baselines");
  execFileSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: folder,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
}
