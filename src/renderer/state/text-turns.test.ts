import { expect, test } from "vitest";
import { TextTurns } from "./text-turns.js";

const places = new Map(["a", "b", "c", "d", "e"].map((id, place) => [id, place]));

function waiting(...ids: string[]): TextTurns {
  const turns = new TextTurns();
  for (const id of ids) turns.add(id);
  return turns;
}

test("tiles take turns in the order in which they lie on the page", () => {
  const turns = waiting("d", "a", "c", "b");
  expect(turns.take(3, places)).toEqual(["a", "b", "c"]);
  expect(turns.take(3, places)).toEqual(["d"]);
  expect(turns.size).toBe(0);
});

test("one turn does not go past the end of the page and on at its top", () => {
  const turns = waiting("a", "b", "c", "d", "e");
  expect(turns.take(3, places)).toEqual(["a", "b", "c"]);
  for (const id of ["a", "b"]) turns.add(id);
  expect(turns.take(3, places)).toEqual(["d", "e"]);
  expect(turns.take(3, places)).toEqual(["a", "b"]);
});

test("a busy top of the page keeps nobody waiting, nor does a stream without a tile starve another", () => {
  const turns = waiting("a", "b", "e", "x", "y");
  const served = new Set<string>();
  for (let turn = 0; turn < 8; turn += 1) {
    const taken = turns.take(1, places);
    expect(taken).toHaveLength(1);
    for (const id of taken) served.add(id);
    for (const id of taken) turns.add(id);
  }
  expect([...served].sort()).toEqual(["a", "b", "e", "x", "y"]);
});

test("what there was no time for is next, be it at the end of the page or without a place", () => {
  const turns = waiting("a", "b", "c", "d", "e");
  const taken = turns.take(4, places);
  turns.giveBack(taken.slice(2), places);
  turns.add("a");
  expect(turns.take(4, places)).toEqual(["c", "d", "e"]);
  expect(turns.take(4, places)).toEqual(["a"]);
  const homeless = waiting("a", "x", "y");
  homeless.giveBack(homeless.take(3, places).slice(1), places);
  expect([...homeless.take(3, places)].sort()).toEqual(["x", "y"]);
  const busy = waiting("a", "b", "c", "d", "e", "x");
  for (let frame = 0; frame < 2; frame += 1) {
    const all = busy.take(6, places);
    busy.giveBack(all.slice(5), places);
    expect(all.slice(0, 5)).toEqual(["a", "b", "c", "d", "e"]);
    for (const id of all.slice(0, 5)) busy.add(id);
    expect(busy.take(1, places)).toEqual(["x"]);
    busy.add("x");
  }
  turns.giveBack([], places);
  expect(turns.size).toBe(0);
});
