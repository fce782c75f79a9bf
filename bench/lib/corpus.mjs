import { readFileSync } from "node:fs";

/** The text that all streams are cut from; each begins elsewhere in it. */
export function readCorpus(root) {
  return ["README.md", "ARCHITECTURE.md", "PROTOCOL.md", "CONTRIBUTING.md", "docs/remote.md"]
    .map((file) => readFileSync(`${root}/${file}`, "utf8"))
    .join("\n")
    .replaceAll(/[^\x20-\x7e\n]/g, "-");
}
