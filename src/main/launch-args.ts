import { resolve } from "node:path";

/** An app that is not packaged is named on Electron's command line; its own arguments come without it. */
export function withoutApp(argv: readonly string[], workingDirectory: string, appPath: string): string[] {
  return argv.filter((arg) => arg.startsWith("-") || resolve(workingDirectory, arg) !== appPath);
}

/**
 * The flock file on a command line: the first argument that is neither a switch nor the app itself.
 * @param argv without the executable
 */
export function fileFromArgs(argv: readonly string[], workingDirectory: string, appPath: string): string | undefined {
  const file = withoutApp(argv, workingDirectory, appPath).find((arg) => arg !== "" && !arg.startsWith("-"));
  return file === undefined ? undefined : resolve(workingDirectory, file);
}
