/** The whole app on a carrier that the test holds. */
import { act, cleanup, render } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";
import { App } from "./app.js";
import { SessionProvider } from "./app-context.js";
import type { Incoming } from "./connection/carrier.js";
import { fakeDesktopState } from "./dev/fake-desktop.js";
import { type SessionUnderTest, startedSession } from "./state/session.testing.js";

class SeenAtOnce {
  readonly #callback: IntersectionObserverCallback;
  constructor(callback: IntersectionObserverCallback) {
    this.#callback = callback;
  }
  observe(target: Element): void {
    const entry = { target, isIntersecting: true } as unknown as IntersectionObserverEntry;
    queueMicrotask(() => act(() => this.#callback([entry], this as unknown as IntersectionObserver)));
  }
  unobserve(): void {}
  disconnect(): void {}
}

/** For a file's top level: every tile is on screen, nothing is remembered from the test before. */
export function freshPages(): void {
  beforeEach(() => {
    vi.stubGlobal("IntersectionObserver", SeenAtOnce);
    localStorage.clear();
  });
  afterEach(() => {
    cleanup();
    vi.unstubAllGlobals();
  });
}

/** Lets what was asked for arrive: lazily loaded parts, replies, tiles coming on screen. */
export const settle = () => act(async () => vi.dynamicImportSettled());

export async function shownApp(desktop = true): Promise<SessionUnderTest> {
  const under = await startedSession();
  if (desktop) under.deliver(fakeDesktopState("Test flock"));
  render(
    <SessionProvider session={under.session}>
      <App />
    </SessionProvider>,
  );
  await settle();
  return {
    ...under,
    deliver: (...messages: Incoming[]) => act(() => under.deliver(...messages)),
  };
}

export const tile = (agent: string) =>
  document.querySelector<HTMLElement>(`[data-testid=stream-tile][data-agent="${agent}"]`);
