/**
 * The one place where messages become what is on screen. Messages are queued as they arrive; once a frame the queue is
 * folded and each atom that changed is set once. Text goes only to tiles that are seen, and under load to as many of them
 * a frame as the frame can bear.
 */
import type { createStore } from "jotai/vanilla";
import type { DesktopCommand, DesktopState } from "../../protocol/desktop.js";
import { applyMessages, attachMessage, forgetStreams, forgetWorkflows } from "../../protocol/fold.js";
import type { ServerMessage } from "../../protocol/messages.js";
import {
  type Changes,
  createChanges,
  createViewState,
  type StreamView,
  type ViewState,
} from "../../protocol/view-state.js";
import type { Incoming, OpenCarrier, Outgoing } from "../connection/carrier.js";
import { Connection } from "../connection/connection.js";
import type { Request } from "../connection/requests.js";
import { changeSoon, measureAll } from "../markdown/measures.js";
import { announceStreams, announceWorkflow } from "./announcements.js";
import * as atoms from "./atoms.js";
import { readsTextAtom } from "./deck-atoms.js";
import { Documents } from "./documents.js";
import { DrawTurns } from "./draw-turns.js";
import { forgetGone } from "./forget-gone.js";
import { FrameBudget } from "./frame-budget.js";
import { afterPaint, browserFrames, type FrameScheduler } from "./frame-scheduler.js";
import { PageOrder } from "./page-order.js";
import { presentRate } from "./rates.js";
import { Receipts } from "./receipts.js";
import { ServerClock } from "./server-clock.js";
import { setTexts } from "./set-texts.js";
import { StreamFocus } from "./stream-focus.js";
import { StreamRates } from "./stream-rates.js";
import { TextTurns } from "./text-turns.js";
import { TilePlaces } from "./tile-places.js";
import { sameTotals, totalsOf } from "./totals.js";

export type Store = ReturnType<typeof createStore>;

export interface SessionOptions {
  readonly store: Store;
  readonly open: OpenCarrier;
  /** Runs the callback and renders what it changed before it returns: React's `flushSync`. */
  readonly commit?: (change: () => void) => void;
  readonly frames?: FrameScheduler;
  readonly now?: () => number;
  readonly random?: () => number;
}

const SECOND_MS = 1_000;
/** What a frame spends on rendering tiles for the first time; their layout and paint take as long again. */
const DRAWING_MS = 12;
const TEXTS_BESIDE_DRAWING = 8;
/** More of them than these, drawn in a frame of text, had it take 50 ms. */
const CLOCKS_BESIDE_TEXT = 32;
/** Between commits a frame looks at the clock. */
const TEXTS_A_COMMIT = 8;

export class Session {
  readonly store: Store;
  readonly view: ViewState = createViewState();
  readonly documents = new Documents();
  readonly connection: Connection;
  readonly #commit: (change: () => void) => void;
  readonly #frames: FrameScheduler;
  readonly #now: () => number;
  readonly #clock: ServerClock;
  readonly #budget = new FrameBudget();
  readonly #rates: StreamRates;
  readonly #places: TilePlaces;
  readonly #turns = new TextTurns();
  readonly #draws = new DrawTurns();
  readonly #page: PageOrder;
  readonly #commands = new Set<(command: DesktopCommand) => void>();
  readonly #shapes = new Map<string, string>();
  #queue: Incoming[] = [];
  readonly #receipts = new Receipts();
  readonly #focus: StreamFocus;
  #ticker: ReturnType<typeof setInterval> | undefined;
  #unfilter: (() => void) | undefined;
  #cancelFigures: (() => void) | undefined;
  #hidden = false;

  constructor(options: SessionOptions) {
    this.store = options.store;
    this.#places = new TilePlaces(options.store);
    this.#page = new PageOrder(options.store);
    this.#rates = new StreamRates(options.store, this.view);
    this.#commit = options.commit ?? ((change) => change());
    this.#frames = options.frames ?? browserFrames();
    this.#now = options.now ?? Date.now;
    this.#clock = new ServerClock(this.#now);
    this.#focus = new StreamFocus({
      view: this.view,
      held: () => this.documents.held(),
      readsAll: () => this.store.get(readsTextAtom),
      isHidden: () => this.#hidden,
      serverNow: () => this.serverNow(),
      send: (message) => this.connection.send(message),
    });
    this.connection = new Connection({
      open: options.open,
      resume: () => {
        this.#frame();
        const { type: _, ...resume } = attachMessage(this.view);
        return resume;
      },
      onMessages: (messages) => this.#receive(messages),
      onStatus: (status) => {
        this.store.set(atoms.connectionAtom, status);
        if (status.kind === "catching-up") this.#connected();
        else if (this.store.get(atoms.cutOffAtom)) {
          this.#rates.stop();
          this.#setTotals();
        }
      },
      ...(options.random === undefined ? {} : { random: options.random }),
    });
  }

  start(): void {
    this.connection.start();
    this.#ticker = setInterval(() => this.#everySecond(), SECOND_MS);
    this.#unfilter = this.store.sub(readsTextAtom, () => this.#focus.changed());
  }

  stop(): void {
    this.#unfilter?.();
    this.#cancelFigures?.();
    clearInterval(this.#ticker);
    this.#focus.stop();
    this.#frames.cancel();
    this.connection.close();
  }

  send(message: Outgoing): void {
    this.connection.send(message);
  }

  /** Rejects with a `RequestError`. */
  request(message: Request): Promise<Record<string, unknown>> {
    return this.connection.request(message);
  }

  onCommand(listener: (command: DesktopCommand) => void): () => void {
    this.#commands.add(listener);
    return () => this.#commands.delete(listener);
  }

  /** A tile shows the text of this stream until the returned function is called; the server's focus follows. */
  show(id: string): () => void {
    const release = this.documents.hold(id);
    this.#turns.add(id);
    this.#focus.changed();
    this.#schedule();
    return () => {
      release();
      this.#focus.changed();
    };
  }

  /** Calls back, once, in a frame that has time to draw one tile more; the returned function takes that back. */
  turnToDraw(draw: () => void): () => void {
    const end = this.#draws.add(draw);
    this.#schedule();
    return end;
  }

  /** Whether text of this stream waits for its turn to be shown. */
  isBehind(id: string): boolean {
    return this.#turns.has(id);
  }

  /** The page is seen or not. Unseen, it wants counters only and is drained by a slow timer. */
  setHidden(hidden: boolean): void {
    if (this.#hidden === hidden) return;
    this.#hidden = hidden;
    this.#frames.cancel();
    this.#focus.changed();
    this.#schedule();
    if (!hidden) this.#everySecond();
  }

  /** Server's time now, in milliseconds since 1970. */
  serverNow(): number {
    return this.#clock.now();
  }

  /** Drops finished streams with their text, and workflows that are over with their runs and artifacts. */
  clearFinished(): void {
    const { store, view } = this;
    const gone = new Set([...view.streams.values()].filter(({ status }) => status !== "live").map(({ id }) => id));
    const over = [...view.workflows.values()].filter(({ status }) => status !== "running").map(({ id }) => id);
    const runs = new Set(view.runs.keys());
    forgetStreams(view, gone);
    forgetWorkflows(view, over);
    this.#commit(() => {
      this.#places.drop(gone, (id) => view.workflows.get(id)?.status === "running");
      store.set(atoms.runIdsAtom, [...view.runs.keys()]);
      store.set(atoms.artifactsAtom, [...view.artifacts.values()]);
      this.#setTotals();
      forgetGone(store, view);
    });
    // React holds on to what each component showed before its last render: 77 MB of 99 after 500 streams of 100 KB.
    this.#commit(() => store.set(atoms.artifactsAtom, [...view.artifacts.values()]));
    for (const id of gone) this.#forget(id);
    for (const id of over) atoms.workflowAtom.remove(id);
    for (const id of runs) if (!view.runs.has(id)) atoms.runAtom.remove(id);
  }

  #forget(id: string): void {
    this.documents.forget(id);
    this.#rates.forget(id);
    this.#shapes.delete(id);
    this.#turns.delete(id);
    atoms.streamAtom.remove(id);
    atoms.streamRevisionAtom.remove(id);
  }

  #connected(): void {
    this.#receipts.restart();
    this.#focus.anew();
  }

  #receive(messages: readonly Incoming[]): void {
    for (const message of messages) this.#queue.push(message);
    this.#schedule();
  }

  #schedule(): void {
    const waiting = this.#queue.length + this.#turns.size + this.#draws.size;
    if (waiting > 0) this.#frames.request(() => this.#frame());
  }

  #frame(): void {
    const started = performance.now();
    const measured = measureAll();
    const changes = this.#fold();
    const waiting = this.#turns.size;
    const most = this.#draws.size > 0 ? TEXTS_BESIDE_DRAWING : this.#budget.tiles(waiting);
    const places = this.#page.places();
    const tiles = this.#turns.take(most, places);
    if (changes !== undefined || measured !== undefined || tiles.length > 0) {
      this.#commit(() => {
        measured?.();
        if (changes !== undefined) this.#setChanged(changes);
        this.store.set(setTexts, this, tiles.slice(0, TEXTS_A_COMMIT));
      });
      const shown = this.#showTexts(tiles, () => performance.now() - started < this.#budget.renderingMs);
      this.#turns.giveBack(tiles.slice(shown), places);
      if (shown > 0 && this.#draws.size === 0 && !this.#hidden && this.#budget.asks(tiles.length)) {
        afterPaint(() => this.#budget.spent(performance.now() - started, shown, waiting, tiles.length));
      }
    }
    this.#draws.take(this.#commit, () => performance.now() - started < DRAWING_MS);
    this.#acknowledge();
    this.#schedule();
  }

  /** Those after the first few, as long as there is time. Returns how many are shown, the first ones among them. */
  #showTexts(tiles: readonly string[], hasTime: () => boolean): number {
    let shown = Math.min(TEXTS_A_COMMIT, tiles.length);
    while (shown < tiles.length && hasTime()) {
      const more = tiles.slice(shown, shown + TEXTS_A_COMMIT);
      this.#commit(() => this.store.set(setTexts, this, more));
      shown += more.length;
    }
    return shown;
  }

  #fold(): Changes | undefined {
    if (this.#queue.length === 0) return undefined;
    const queue = this.#queue;
    this.#queue = [];
    const changes = createChanges();
    const server: ServerMessage[] = [];
    for (const message of queue) {
      if (message.type === "desktop_state") this.#setDesktop(message);
      else if (message.type === "desktop_command") for (const listener of this.#commands) listener(message);
      else {
        server.push(message);
        this.#receipts.note(message);
      }
    }
    if (this.view.synced) this.#clock.measure(server);
    applyMessages(this.view, server, changes);
    for (const id of changes.streams) if (this.documents.isHeld(id)) this.#turns.add(id);
    return changes;
  }

  #setDesktop(state: DesktopState): void {
    this.#clock.follow(state.replay);
    this.store.set(atoms.desktopAtom, state);
    this.store.set(atoms.nowAtom, this.serverNow());
  }

  #setChanged(changes: Changes): void {
    const { store, view } = this;
    if (changes.cleared) this.#reset();
    if (changes.hello && view.hello !== null) store.set(atoms.helloAtom, view.hello);
    if (changes.hello || changes.synced) store.set(atoms.syncedAtom, view.synced);
    const { started, ended } = this.#setStreams(changes);
    for (const id of changes.runs) store.set(atoms.runAtom(id), view.runs.get(id));
    if (changes.runs.size > 0) store.set(atoms.runIdsAtom, [...view.runs.keys()]);
    if (changes.artifacts.size > 0) store.set(atoms.artifactsAtom, [...view.artifacts.values()]);
    for (const id of changes.workflows) store.set(atoms.workflowAtom(id), view.workflows.get(id));
    this.#places.place(view, changes, started);
    // Text alone changes no count; rates are counted once a second.
    const turned = started.length + ended.length + changes.runs.size + changes.workflows.size;
    if (changes.cleared || turned > 0) this.#setTotals();
    this.#announce(changes, ended);
    if (changes.hello) this.#focus.anew();
    if (changes.synced && view.synced) forgetGone(store, view);
    if (changes.needsAttach) this.connection.reattach();
  }

  #reset(): void {
    const { store } = this;
    for (const id of [...atoms.streamAtom.getParams()]) this.#forget(id);
    this.#places.clear();
    this.#rates.clear();
    this.documents.clear();
    store.set(atoms.artifactsAtom, []);
    store.set(atoms.runIdsAtom, []);
  }

  /** Sets what a tile's frame shows only where it changed: text alone touches no frame. */
  #setStreams(changes: Changes): { readonly started: readonly StreamView[]; readonly ended: readonly StreamView[] } {
    const started: StreamView[] = [];
    const ended: StreamView[] = [];
    for (const id of changes.streams) {
      const stream = this.view.streams.get(id);
      if (stream === undefined) continue;
      const shape = `${stream.status}/${stream.lostUnits}/${stream.firstTextAt === null}/${stream.needsAttach}`;
      const before = this.#shapes.get(id);
      if (before === shape) continue;
      if (before === undefined) {
        started.push(stream);
        this.#focus.changed();
      }
      this.#shapes.set(id, shape);
      if (stream.status !== "live" && before?.startsWith("live") === true) ended.push(stream);
      this.store.set(atoms.streamAtom(id), stream);
    }
    return { started, ended };
  }

  #setTotals(): void {
    let rate = 0;
    for (const stream of this.view.streams.values()) {
      if (stream.status === "live") rate += presentRate(this.store.get(atoms.streamRatesAtom(stream.id)));
    }
    const totals = totalsOf(this.view, this.#places.all(), Math.round(rate), this.serverNow());
    if (!sameTotals(totals, this.store.get(atoms.totalsAtom))) this.store.set(atoms.totalsAtom, totals);
  }

  #announce(changes: Changes, ended: readonly StreamView[]): void {
    if (!this.view.synced || changes.synced) return;
    const sentences = [announceStreams(this.view, ended)];
    for (const id of changes.workflows) {
      const workflow = this.view.workflows.get(id);
      if (workflow !== undefined) sentences.push(announceWorkflow(this.view, workflow));
    }
    const text = sentences.filter((sentence) => sentence !== "").join(" ");
    if (text !== "") this.store.set(atoms.announcementAtom, text);
  }

  /** Cut off, all clocks stand: how quiet a stream is, is not known either. */
  #everySecond(): void {
    if (this.#hidden || this.store.get(atoms.cutOffAtom)) return;
    const live = [...this.view.streams.values()].filter((stream) => stream.status === "live");
    const running = live.length > 0 || [...this.view.workflows.values()].some(({ status }) => status === "running");
    if (!running && this.store.get(atoms.totalsAtom).tokensPerSecond === 0) return;
    this.#rates.setDue(live.map(({ id }) => id));
    const set = live.length > CLOCKS_BESIDE_TEXT ? this.#commit : (change: () => void) => this.#setSoon(change);
    set(() => {
      this.store.set(atoms.nowAtom, this.serverNow());
      this.#setTotals();
      this.#showRates();
    });
  }

  #showRates(): void {
    if (this.#rates.showSome(this.#now())) this.#setTotals();
    if (this.#rates.waiting > 0) this.#setSoon(() => this.#showRates());
  }

  /** Sets figures with the next frame of text, since they are no news by themselves. */
  #setSoon(change: () => void): void {
    this.#cancelFigures?.();
    this.#cancelFigures = changeSoon(change);
  }

  #acknowledge(): void {
    const chars = this.#receipts.due();
    if (chars !== undefined) this.connection.send({ type: "ack", chars });
  }
}
