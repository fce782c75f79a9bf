import { useEffect } from "react";
import { useSession } from "../app-context.js";
import { stopAll } from "../state/actions.js";
import { dialogAtom, viewAtom } from "../state/interface.js";

/** Carries out what the window's menu asks of the page. */
export function useDesktopCommands(): void {
  const session = useSession();
  useEffect(
    () =>
      session.onCommand(({ command }) => {
        const { store } = session;
        switch (command) {
          case "publish":
          case "settings":
          case "remote":
          case "history":
          case "palette":
          case "shortcuts":
            store.set(dialogAtom, command);
            return;
          case "find":
            store.set(viewAtom, "deck");
            requestAnimationFrame(() => document.getElementById("deck-filter")?.focus());
            return;
          case "stop_all":
            void stopAll(session);
            return;
          case "clear_finished":
            session.clearFinished();
        }
      }),
    [session],
  );
}
