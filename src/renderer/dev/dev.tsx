/** The real renderer on a flock that lives in the page. `?flock=wide&count=24&speed=160&chars=4000&watch`. */
import "../zod-jitless.js";
import { createStore } from "jotai/vanilla";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { App } from "../app.js";
import { SessionProvider } from "../app-context.js";
import { Session } from "../state/session.js";
import { fakeDesktopState } from "./fake-desktop.js";
import { newsroom, wide } from "./fake-flocks.js";

const query = new URLSearchParams(window.location.search);
const number = (name: string, otherwise: number) => Number(query.get(name) ?? otherwise);
const options = {
  desktop: !query.has("browser"),
  role: query.has("watch") ? ("watch" as const) : ("control" as const),
};
const flock =
  query.get("flock") === "wide"
    ? wide(
        number("count", 24),
        { chars: number("chars", 4000), speed: number("speed", 160), prefill: number("prefill", 0) },
        options,
      )
    : newsroom(options, number("speed", 1));
const session = new Session({ store: createStore(), open: () => flock.open(), commit: flushSync });
const element = document.getElementById("root");
if (element !== null) {
  createRoot(element).render(
    <SessionProvider session={session}>
      <App />
    </SessionProvider>,
  );
}
session.start();
Object.assign(window, { flock, session, fakeDesktopState });
