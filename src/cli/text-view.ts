import type { Io } from "./io.js";
import type { OutputView } from "./output-view.js";
import { PlainView } from "./plain-view.js";

/** Whether there is a terminal that can redraw. */
export function drawsOn({ stdout, env }: Pick<Io, "stdout" | "env">): boolean {
  return stdout.isTTY === true && env.TERM !== "dumb";
}

/** A run as people read it. The terminal's libraries are only loaded where there is one. */
export async function textView(io: Pick<Io, "stdout" | "env">): Promise<OutputView> {
  if (!drawsOn(io)) return new PlainView(io.stdout);
  const { TerminalView } = await import("./terminal-view.js");
  return new TerminalView({ stdout: io.stdout, color: (io.env.NO_COLOR ?? "") === "" });
}
