import "./styles/index.css";
import { useAtom, useAtomValue } from "jotai/react";
import { type ReactNode, Suspense, useEffect, useLayoutEffect } from "react";
import { useSession } from "./app-context.js";
import { ArtifactDialog } from "./board/artifact-dialog.js";
import { ArtifactStrip } from "./board/artifact-strip.js";
import { FullScreen } from "./deck/full-screen.js";
import { ParallelStreamDisplay } from "./deck/parallel-stream-display.js";
import { useShortcuts } from "./palette/use-shortcuts.js";
import {
  BoardView,
  CompareDialog,
  GraphView,
  HistoryDialog,
  Palette,
  PublishSheet,
  RemoteDialog,
  ReplayBar,
  SettingsDialog,
  ShortcutsDialog,
  TimelineView,
} from "./parts.js";
import { DropHint } from "./shell/drop-hint.js";
import { FaultBoundary } from "./shell/fault-boundary.js";
import { Header } from "./shell/header.js";
import { Announcements, Notice } from "./shell/notice.js";
import { Pending } from "./shell/pending.js";
import { RejectedPanel } from "./shell/rejected-panel.js";
import { Toolbar } from "./shell/toolbar.js";
import { useAttention } from "./shell/use-attention.js";
import { useDesktopCommands } from "./shell/use-desktop-commands.js";
import { useTheme } from "./shell/use-theme.js";
import { Welcome } from "./shell/welcome.js";
import { desktopAtom, helloAtom, syncedAtom, workflowIdsAtom } from "./state/atoms.js";
import { dialogAtom, viewAtom } from "./state/interface.js";

export function App(): ReactNode {
  useTheme();
  useShortcuts();
  useDesktopCommands();
  useVisibility();
  return (
    <div className="app">
      <Attention />
      <a className="skip-link" href="#main">
        Skip to the streams
      </a>
      <header className="app-top">
        <Header />
        <Toolbar />
      </header>
      <ReplayIfAny />
      <RejectedPanel />
      <main id="main" className="main" tabIndex={-1}>
        <Suspense fallback={<Pending />}>
          <MainView />
        </Suspense>
      </main>
      <Dialogs />
      <Notice />
      <Announcements />
      <DropHint />
    </div>
  );
}

/** Apart from the app, because it follows every count. */
function Attention(): ReactNode {
  useAttention();
  return null;
}

function ReplayIfAny(): ReactNode {
  const isReplay = (useAtomValue(desktopAtom)?.replay ?? null) !== null;
  return isReplay ? (
    <Suspense>
      <ReplayBar />
    </Suspense>
  ) : null;
}

function MainView(): ReactNode {
  const [view, setView] = useAtom(viewAtom);
  const known = useAtomValue(helloAtom) !== null;
  const synced = useAtomValue(syncedAtom);
  const empty = useAtomValue(workflowIdsAtom).length === 0;
  const shown = !known || (empty && !synced) ? "pending" : view === "deck" && empty ? "welcome" : view;
  return (
    <View key={shown}>
      {shown === "pending" ? (
        <Pending />
      ) : shown === "deck" ? (
        <>
          <ParallelStreamDisplay />
          <ArtifactStrip />
        </>
      ) : (
        <FaultBoundary onLeave={() => setView("deck")}>
          {shown === "graph" ? (
            <GraphView />
          ) : shown === "timeline" ? (
            <TimelineView />
          ) : shown === "board" ? (
            <BoardView />
          ) : (
            <Welcome />
          )}
        </FaultBoundary>
      )}
    </View>
  );
}

/** What fills the main part of the page, which has the focus when this goes with the focus in it. */
function View({ children }: { children: ReactNode }): ReactNode {
  useLayoutEffect(
    () => () => {
      const main = document.getElementById("main");
      if (main?.contains(document.activeElement)) main.focus({ preventScroll: true });
    },
    [],
  );
  return children;
}

function Dialogs(): ReactNode {
  const [dialog, setDialog] = useAtom(dialogAtom);
  const empty = useAtomValue(workflowIdsAtom).length === 0;
  const view = useAtomValue(viewAtom);
  return (
    <Suspense>
      <FullScreen />
      <ArtifactDialog />
      <FaultBoundary key={dialog} onLeave={() => setDialog(null)}>
        {dialog === "publish" ? empty && view === "deck" ? <FocusWelcome /> : <PublishSheet /> : null}
        {dialog === "settings" ? <SettingsDialog /> : null}
        {dialog === "remote" ? <RemoteDialog /> : null}
        {dialog === "history" ? <HistoryDialog /> : null}
        {dialog === "palette" ? <Palette /> : null}
        {dialog === "shortcuts" ? <ShortcutsDialog /> : null}
        {dialog === "compare" ? <CompareDialog /> : null}
      </FaultBoundary>
    </Suspense>
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
