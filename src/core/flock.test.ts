import { expect, test } from "vitest";
import { z } from "zod";
import { artifact, Flock, type FlockEvent, functionEngine, textArtifact } from "./index.js";

const Topic = artifact("Topic", z.object({ title: z.string() }));
const Draft = textArtifact("Draft");

test("a published artifact sets off the agents that consume it, and theirs follow", async () => {
  const flock = new Flock({ mode: "test" });
  const events: FlockEvent[] = [];
  flock.on((event) => events.push(event));
  const writer = functionEngine(({ artifacts, context }) => {
    context.stream.append("on ");
    context.stream.append(String(artifacts[0]?.type));
    return { type: "Draft", payload: { text: "on Topic" } };
  });
  flock.agent("writer").consumes(Topic).publishes(Draft).withEngine(writer);
  flock
    .agent("reader")
    .consumes(Draft)
    .withEngine(() => undefined);
  await flock.publish(Topic, { title: "flight" });
  await flock.runUntilIdle();
  expect(events.map((event) => event.type)).toEqual([
    "workflow_started",
    "artifact_published",
    "agent_activated",
    "stream_started",
    "stream_text",
    "stream_text",
    "stream_complete",
    "artifact_published",
    "agent_activated",
    "stream_started",
    "agent_completed",
    "stream_complete",
    "agent_completed",
    "workflow_finished",
  ]);
});
