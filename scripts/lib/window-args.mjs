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
  "--watch-token": "--serve",
  "--control-token": "--serve",
  "--max-viewers": "--serve",
  "--log-level": "--serve",
};

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
  if (files.length > 1) {
    return { ok: false, fault: `One flock file at a time, not ${files.length}. Type: flockdeck ${files[0]}` };
  }
  return { ok: true, file: files[0] };
}
