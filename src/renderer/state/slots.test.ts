import { expect, test } from "vitest";
import type { AgentInfo } from "../../protocol/messages.js";
import { reachableAgents, releaseSlots, reserveSlots, type Slot, takeSlot } from "./slots.js";

const agent = (name: string, consumes: string[], publishes: string[]): AgentInfo => ({
  name,
  description: "",
  consumes,
  publishes,
  model: "demo/essay",
});

const FLOCK = [
  agent("editor", ["Draft"], ["Edit"]),
  agent("writer", ["Topic"], ["Draft"]),
  agent("stranger", ["Other"], ["More"]),
  agent("publisher", ["Edit"], ["Article"]),
];

const keys = (slots: readonly Slot[]) => slots.map(({ key, streamId }) => `${key}:${streamId ?? "free"}`);

test("agents are reached through others, and keep the flock's order", () => {
  expect(reachableAgents(FLOCK, ["Topic"]).map(({ name }) => name)).toEqual(["editor", "writer", "publisher"]);
  expect(reachableAgents(FLOCK, ["Edit"]).map(({ name }) => name)).toEqual(["publisher"]);
  expect(reachableAgents(FLOCK, ["Nothing"])).toEqual([]);
});

test("a stream takes its agent's free place; the places of others do not move", () => {
  const reserved = reserveSlots([], "w", reachableAgents(FLOCK, ["Topic"]));
  const taken = takeSlot(reserved, "w", "writer", "s1");
  expect(keys(taken)).toEqual(["editor#0:free", "writer#0:s1", "publisher#0:free"]);
  expect(keys(takeSlot(taken, "w", "writer", "s2"))).toEqual([
    "editor#0:free",
    "writer#0:s1",
    "publisher#0:free",
    "writer#1:s2",
  ]);
});

test("a stream that is told twice has one place", () => {
  const once = takeSlot([], "w", "writer", "s1");
  expect(takeSlot(once, "w", "writer", "s1")).toBe(once);
});

test("reserving again keeps what is there", () => {
  const once = takeSlot(reserveSlots([], "w", FLOCK), "w", "writer", "s1");
  expect(reserveSlots(once, "w", FLOCK)).toBe(once);
});

test("places that nothing took are given up", () => {
  const slots = takeSlot(reserveSlots([], "w", FLOCK), "w", "writer", "s1");
  expect(keys(releaseSlots(slots))).toEqual(["writer#0:s1"]);
});

test("a place after one that was given up is not called like another", () => {
  const two = takeSlot(takeSlot([], "w", "writer", "s1"), "w", "writer", "s2");
  const left = two.filter(({ streamId }) => streamId !== "s1");
  expect(keys(takeSlot(left, "w", "writer", "s3"))).toEqual(["writer#1:s2", "writer#2:s3"]);
});
