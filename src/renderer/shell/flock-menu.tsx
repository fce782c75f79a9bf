import { useAtomValue } from "jotai/react";
import type { ReactNode } from "react";
import { useSession } from "../app-context.js";
import { explain, say } from "../state/actions.js";
import { desktopAtom } from "../state/atoms.js";
import { dialogAtom, flockNameAtom } from "../state/interface.js";
import type { Session } from "../state/session.js";
import { fileName } from "../ui/format.js";
import { Menu, MenuHeading, MenuItem, MenuSeparator } from "../ui/menu.js";

export function openFile(session: Session, path?: string): void {
  session
    .request({ type: "desktop_request", method: "open_file", ...(path === undefined ? {} : { path }) })
    .catch((error: unknown) => say(session, `Could not open the file: ${explain(error)}`, true));
}

export function reloadFile(session: Session): void {
  session
    .request({ type: "desktop_request", method: "reload_file" })
    .catch((error: unknown) => say(session, `Could not read the file again: ${explain(error)}`, true));
}

/** The flock's name; in the window it opens other flocks. */
export function FlockMenu(): ReactNode {
  const session = useSession();
  const name = useAtomValue(flockNameAtom);
  const desktop = useAtomValue(desktopAtom);
  const title = (
    <span className="flock-name truncate" data-testid="flock-name">
      {name}
    </span>
  );
  if (desktop === null) return <h1 className="flock-title">{title}</h1>;
  return (
    <h1 className="flock-title">
      <Menu
        className="flock-button"
        chevron
        name="Flocks"
        label={title}
        title={desktop.flock?.path ?? "Bundled example"}
        items={(close) => {
          const open = (path?: string) => () => {
            close();
            openFile(session, path);
          };
          return (
            <>
              <MenuItem icon="folder" keys="Ctrl O" onSelect={open()}>
                Open a flock file
              </MenuItem>
              <MenuItem
                icon="again"
                onSelect={() => {
                  close();
                  reloadFile(session);
                }}
              >
                Read this file again
              </MenuItem>
              <MenuItem
                icon="history"
                onSelect={() => {
                  close();
                  session.store.set(dialogAtom, "history");
                }}
              >
                Earlier sessions
              </MenuItem>
              <MenuSeparator />
              <MenuHeading>Examples</MenuHeading>
              {desktop.examples.map((example) => (
                <MenuItem key={example.path} note={example.description} onSelect={open(example.path)}>
                  {example.name}
                </MenuItem>
              ))}
              {desktop.recent.length === 0 ? null : (
                <>
                  <MenuSeparator />
                  <MenuHeading>Recent</MenuHeading>
                  {desktop.recent.map((path) => (
                    <MenuItem key={path} note={path} onSelect={open(path)}>
                      {fileName(path)}
                    </MenuItem>
                  ))}
                </>
              )}
            </>
          );
        }}
      />
    </h1>
  );
}
