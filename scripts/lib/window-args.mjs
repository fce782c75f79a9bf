import { statSync } from "node:fs";

/** Chromium's and Node's switches that are of use to people; anything else that begins with a dash is a mistake. */
const switches = [
  "--user-data-dir",
  "--no-sandbox",
  "--disable-gpu",
  "--force-device-scale-factor",
  "--lang",
  "--ozone-platform",
  "--ozone-platform-hint",
  "--remote-debugging-port",
  "--inspect",
  "--inspect-brk",
  "--enable-logging",
];

const belongsTo = {
  "--publish": "--cli",
  "--json": "--cli",
  "--model": "--cli",
  "--timeout": "--cli",
  "--dashboard": "--serve",
  "--host": "--serve",
  "--port": "--serve",
  "--allow-host": "--serve",
  "--watch-token": "--serve",
  "--control-token": "--serve",
  "--max-viewers": "--serve",
  "--log-level": "--serve",
};

/**
 * Why the window cannot open a file, as the command line tells it; undefined for one that is there.
 * @param {string} file
 * @returns {string | undefined}
 */
export function missingFile(file) {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return `${file}:1:1: error: There is no such file. Check the path.`;
  return found.isDirectory() ? `${file}:1:1: error: This is a folder. Name a flock file in it.` : undefined;
}

/**
 * `flockdeck [FILE]`.
 * @param {readonly string[]} args
 * @returns {{ ok: true, file: string | undefined } | { ok: false, fault: string }}
 */
export function parseWindowArgs(args) {
  const files = args.filter((arg) => !arg.startsWith("-"));
  for (const arg of args) {
    if (!arg.startsWith("-")) continue;
    const [name = ""] = arg.split("=");
    if (switches.includes(name)) continue;
    if (name in belongsTo) {
      return {
        ok: false,
        fault: `${name} goes with ${belongsTo[name]}. Type: flockdeck ${belongsTo[name]} FILE ${name} …`,
      };
    }
    return { ok: false, fault: `There is no option ${name}. Type flockdeck --help for those there are.` };
  }
  if (files[0] === "") return { ok: false, fault: "The flock file's name is empty. Type: flockdeck FILE" };
  if (files.length > 1) {
    return { ok: false, fault: `One flock file at a time, not ${files.length}. Type: flockdeck ${files[0]}` };
  }
  return { ok: true, file: files[0] };
}
