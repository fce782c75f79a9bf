import { useSetAtom } from "jotai/react";
import type { ReactNode } from "react";
import { dialogAtom } from "../state/interface.js";
import { Dialog } from "../ui/dialog.js";
import { SHORTCUTS } from "./shortcuts.js";

export function ShortcutsDialog(): ReactNode {
  const setDialog = useSetAtom(dialogAtom);
  return (
    <Dialog title="Shortcuts" size="wide" onClose={() => setDialog(null)}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: nothing in the list has the focus, and it may need scrolling */}
      <section className="shortcuts" tabIndex={0} aria-label="Every shortcut">
        {SHORTCUTS.map((group) => (
          <div key={group.name}>
            <h3>{group.name}</h3>
            <dl>
              {group.keys.map(([keys, words]) => (
                <div key={keys + words} className="shortcut">
                  <dt>
                    <kbd className="kbd">{keys}</kbd>
                  </dt>
                  <dd>{words}</dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </section>
    </Dialog>
  );
}
