// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { runAgain } from "./actions.js";
import { noticeAtom } from "./interface.js";
import { startedSession } from "./session.testing.js";

/** Answers what was asked last, and returns it. */
async function answered({ carrier, deliver }: Awaited<ReturnType<typeof startedSession>>, correlationId: string) {
  const { request_id, ...request } = carrier.sent.at(-1) as { request_id: string };
  deliver({ type: "reply", request_id, ok: true, result: { correlation_id: correlationId } });
  await new Promise((resolve) => setTimeout(resolve));
  return request;
}

test("run again publishes all that came from outside into one workflow, in order and with tags", async () => {
  const under = await startedSession();
  const { deliver, script, session } = under;
  deliver(
    ...script.workflow("w"),
    ...script.workflow("other"),
    script.artifact("draft", { type: "Draft", produced_by: "writer" }),
    script.artifact("price", { type: "Price", payload: { sum: 3 }, tags: ["eur"] }),
  );
  const done = runAgain(session, "w");
  expect(await answered(under, "w2")).toEqual({ type: "publish", artifact_type: "Topic", payload: { title: "Kites" } });
  expect(await answered(under, "w2")).toEqual({
    type: "publish",
    artifact_type: "Price",
    payload: { sum: 3 },
    tags: ["eur"],
    correlation_id: "w2",
  });
  await done;
  expect(session.store.get(noticeAtom)).toEqual({ text: "Published Topic, Price again.", failed: false });
});
