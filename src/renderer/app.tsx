import "./styles/index.css";
import { useAtomValue } from "jotai/react";
import { lazy, type ReactNode, Suspense, useEffect } from "react";
import { useSession } from "./app-context.js";
import { ArtifactDialog } from "./board/artifact-dialog.js";
import { ArtifactStrip } from "./board/artifact-strip.js";
import { BoardView } from "./board/board-view.js";
import { CompareDialog } from "./compare/compare-dialog.js";
import { FullScreen } from "./deck/full-screen.js";
import { ParallelStreamDisplay } from "./deck/parallel-stream-display.js";
import { Palette } from "./palette/palette.js";
import { ShortcutsDialog } from "./palette/shortcuts-dialog.js";
import { useShortcuts } from "./palette/use-shortcuts.js";
import { PublishSheet } from "./publish/publish-sheet.js";
import { RemoteDialog } from "./remote/remote-dialog.js";
import { SettingsDialog } from "./settings/settings-dialog.js";
import { DropHint } from "./shell/drop-hint.js";
import { Header } from "./shell/header.js";
import { Announcements, Notice } from "./shell/notice.js";
import { Pending } from "./shell/pending.js";
import { RejectedPanel } from "./shell/rejected-panel.js";
import { Toolbar } from "./shell/toolbar.js";
import { useAttention } from "./shell/use-attention.js";
import { useDesktopCommands } from "./shell/use-desktop-commands.js";
import { useTheme } from "./shell/use-theme.js";
import { Welcome } from "./shell/welcome.js";
import { helloAtom, syncedAtom, workflowIdsAtom } from "./state/atoms.js";
import { dialogAtom, viewAtom } from "./state/interface.js";
import { TimelineView } from "./timeline/timeline-view.js";

const GraphView = lazy(async () => ({ default: (await import("./graph/graph-view.js")).GraphView }));

export function App(): ReactNode {
  useTheme();
  useShortcuts();
  useAttention();
  useDesktopCommands();
  useVisibility();
  return (
    <div className="app">
      <a className="skip-link" href="#main">
        Skip to the streams
      </a>
      <header className="app-top">
        <Header />
        <Toolbar />
      </header>
      <RejectedPanel />
      <main id="main" className="main" tabIndex={-1}>
        <MainView />
      </main>
      <Dialogs />
      <Notice />
      <Announcements />
      <DropHint />
    </div>
  );
}

function MainView(): ReactNode {
  const view = useAtomValue(viewAtom);
  const known = useAtomValue(helloAtom) !== null;
  const synced = useAtomValue(syncedAtom);
  const empty = useAtomValue(workflowIdsAtom).length === 0;
  if (!known || (empty && !synced)) return <Pending />;
  switch (view) {
    case "graph":
      return (
        <Suspense fallback={<Pending />}>
          <GraphView />
        </Suspense>
      );
    case "timeline":
      return <TimelineView />;
    case "board":
      return <BoardView />;
    case "deck":
      return empty ? (
        <Welcome />
      ) : (
        <>
          <ParallelStreamDisplay />
          <ArtifactStrip />
        </>
      );
  }
}

function Dialogs(): ReactNode {
  const dialog = useAtomValue(dialogAtom);
  const empty = useAtomValue(workflowIdsAtom).length === 0;
  const view = useAtomValue(viewAtom);
  return (
    <>
      <FullScreen />
      <ArtifactDialog />
      {dialog === "publish" ? empty && view === "deck" ? <FocusWelcome /> : <PublishSheet /> : null}
      {dialog === "settings" ? <SettingsDialog /> : null}
      {dialog === "remote" ? <RemoteDialog /> : null}
      {dialog === "palette" ? <Palette /> : null}
      {dialog === "shortcuts" ? <ShortcutsDialog /> : null}
      {dialog === "compare" ? <CompareDialog /> : null}
    </>
  );
}

/** While the deck is empty the form is on the page already: asking for it leads there. */
function FocusWelcome(): ReactNode {
  const { store } = useSession();
  useEffect(() => {
    store.set(dialogAtom, null);
    document.querySelector<HTMLElement>('[data-testid="publish-submit"]')?.focus();
  }, [store]);
  return null;
}

/** Unseen, the page is drained slowly and asks for counters only. */
function useVisibility(): void {
  const session = useSession();
  useEffect(() => {
    const changed = () => session.setHidden(document.hidden);
    changed();
    document.addEventListener("visibilitychange", changed);
    return () => document.removeEventListener("visibilitychange", changed);
  }, [session]);
}
