// @vitest-environment happy-dom
import { act, cleanup, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { flushSync } from "react-dom";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SessionProvider } from "../app-context.js";
import { startedSession } from "../state/session.testing.js";
import { useDrawTurn } from "./use-draw-turn.js";

beforeEach(() => {
  vi.spyOn(performance, "now").mockImplementation(() => clock);
});

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

/** What drawing takes, in ms: a frame has time for two. */
const DRAWING = 8;
let clock = 0;

function Tile({ id }: { id: string }): ReactNode {
  const drawn = useDrawTurn(id);
  if (!drawn) return null;
  clock += DRAWING;
  return <p>{id}</p>;
}

async function shown(lengths: Record<string, number>) {
  const { session, script, deliver, frames } = await startedSession(flushSync);
  deliver(...script.workflow("w"));
  for (const [id, length] of Object.entries(lengths)) deliver(...script.start(id), script.text(id, "x".repeat(length)));
  const view = (ids: readonly string[]) => (
    <SessionProvider session={session}>
      {ids.map((id) => (
        <Tile key={id} id={id} />
      ))}
    </SessionProvider>
  );
  const { rerender } = render(view(Object.keys(lengths)));
  return {
    drawn: () => screen.queryAllByText(/./).map((element) => element.textContent),
    frame: () => act(() => frames.run()),
    show: (...ids: string[]) => rerender(view(ids)),
  };
}

test("long texts that appear together are drawn over several frames, short ones at once", async () => {
  const { drawn, frame } = await shown({ long: 40_000, short: 20, longer: 60_000, longest: 90_000 });
  expect(drawn()).toEqual(["short"]);
  frame();
  expect(drawn()).toEqual(["long", "short", "longer"]);
  frame();
  expect(drawn()).toEqual(["long", "short", "longer", "longest"]);
});

test("a tile that left before its turn takes nobody's", async () => {
  const { drawn, frame, show } = await shown({ gone: 40_000, kept: 40_000 });
  show("kept");
  frame();
  expect(drawn()).toEqual(["kept"]);
});
