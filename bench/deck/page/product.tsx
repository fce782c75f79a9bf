import { createStore } from "jotai/vanilla";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { App } from "../../../src/renderer/app.js";
import { SessionProvider } from "../../../src/renderer/app-context.js";
import { streamRevisionAtom, workflowIdsAtom } from "../../../src/renderer/state/atoms.js";
import { DENSITIES, densityAtom } from "../../../src/renderer/state/preferences.js";
import { Session } from "../../../src/renderer/state/session.js";
import { countUpdate } from "./meter.js";
import type { StartOptions } from "./start.js";

/** The real renderer, whole. */
export async function startProduct({ element, flock, density }: StartOptions): Promise<void> {
  const store = createStore();
  const wanted = DENSITIES.find((name) => name === density);
  if (wanted !== undefined) store.set(densityAtom, wanted);
  const session = new Session({ store, open: () => flock.open(), commit: flushSync });
  createRoot(element).render(
    <SessionProvider session={session}>
      <App />
    </SessionProvider>,
  );
  session.start();
  await until(() => session.view.synced);
  await session.request({ type: "publish", artifact_type: "Topic", payload: { title: "Flight" } });
  await until(() => store.get(workflowIdsAtom).length > 0 && session.view.streams.size > 0);
  for (const id of session.view.streams.keys()) store.sub(streamRevisionAtom(id), () => countUpdate(id));
  Object.assign(window, { session });
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => requestAnimationFrame(resolve));
}
