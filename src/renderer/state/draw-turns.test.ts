import { expect, test, vi } from "vitest";
import { DrawTurns } from "./draw-turns.js";

const run = (one: () => void) => one();

function waiting(...draws: (() => void)[]): DrawTurns {
  const turns = new DrawTurns();
  for (const draw of draws) turns.add(draw);
  return turns;
}

test("one is drawn however little time there is, the others in later frames, each once and in their order", () => {
  const drawn: string[] = [];
  const turns = waiting(
    () => drawn.push("a"),
    () => drawn.push("b"),
    () => drawn.push("c"),
  );
  expect(turns.take(run, () => false)).toBe(1);
  expect(drawn).toEqual(["a"]);
  expect(turns.take(run, () => true)).toBe(2);
  expect(turns.take(run, () => true)).toBe(0);
  expect(drawn).toEqual(["a", "b", "c"]);
});

test("what left the screen before its turn is not drawn", () => {
  const gone = vi.fn();
  const turns = new DrawTurns();
  turns.add(gone)();
  expect(turns.size).toBe(0);
  expect(turns.take(run, () => true)).toBe(0);
  expect(gone).not.toHaveBeenCalled();
});

test("what is asked for while another is drawn waits for a later frame if there is no time", () => {
  const later = vi.fn();
  const turns = new DrawTurns();
  turns.add(() => turns.add(later));
  turns.take(run, () => false);
  expect(later).not.toHaveBeenCalled();
  turns.take(run, () => false);
  expect(later).toHaveBeenCalledTimes(1);
});
