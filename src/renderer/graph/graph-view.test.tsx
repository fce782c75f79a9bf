// @vitest-environment happy-dom
import { act, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { ServerMessage } from "../../protocol/messages.js";
import { freshPages, settle, shownApp } from "../app.testing.js";
import { viewAtom } from "../state/interface.js";
import { AGENTS } from "../state/session.testing.js";

freshPages();

async function shownGraph() {
  const under = await shownApp();
  act(() => under.session.store.set(viewAtom, "graph"));
  await settle();
  const graph = () => document.querySelector(".react-flow");
  return { ...under, graph };
}

test("a node is one stop of the Tab key, and nodes come in the order in which they are read", async () => {
  await shownGraph();
  const nodes = [...document.querySelectorAll(".react-flow__node")];
  expect(nodes.map((node) => node.textContent?.replace(/demo.*|live.*/, ""))).toEqual([
    "Topic",
    "writer",
    "Draft",
    "editor",
    "Article",
  ]);
  for (const node of nodes) {
    expect(node.matches("[tabindex]")).toBe(false);
    expect(node.querySelectorAll("button, [tabindex]")).toHaveLength(1);
  }
});

test("another flock is fitted anew; the same flock, told again, keeps the view that the reader chose", async () => {
  const { deliver, script, graph } = await shownGraph();
  const before = graph();
  deliver(script.hello("e2"), script.sync());
  await settle();
  expect(graph()).toBe(before);
  const more = { ...AGENTS[1], name: "proofreader", consumes: ["Article"], publishes: ["Page"] };
  deliver({ ...script.hello("e3"), agents: [...AGENTS, more] } as ServerMessage, script.sync());
  await settle();
  expect(screen.getByText("proofreader")).toBeDefined();
  expect(graph()).not.toBe(before);
});

test("cut off, no agent is called live", async () => {
  const { deliver, script, carrier } = await shownGraph();
  deliver(...script.workflow("w"), ...script.start("s1"), script.text("s1", "abcd"));
  const writer = () => screen.getByText("writer").closest("button");
  expect(writer()?.textContent).toContain("1 live");
  expect(writer()?.dataset.live).toBe("true");
  act(() => carrier.drop(1006, ""));
  expect(writer()?.textContent).toContain("1 was live");
  expect(writer()?.dataset.live).toBe("false");
});
