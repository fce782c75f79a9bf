// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { PartlyPublished, publish, publishRest, publishTogether, runAgain } from "./actions.js";
import { noticeAtom, unfinishedAtom } from "./interface.js";
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

const THREE = ["Order", "Price", "Place"].map((type) => ({ type, payload: { of: type } }));

async function refusedAfterTheFirst() {
  const under = await startedSession();
  const publishing = publishTogether(under.session, THREE).catch((error: unknown) => error);
  await answered(under, "w");
  const { request_id } = under.carrier.sent.at(-1) as { request_id: string };
  under.deliver({ type: "reply", request_id, ok: false, error: { code: "invalid", message: "Price.sum is missing" } });
  return { ...under, fault: await publishing };
}

const typesSent = ({ carrier }: Pick<Awaited<ReturnType<typeof startedSession>>, "carrier">) =>
  carrier.sent.flatMap((message) => (message.type === "publish" ? [message.artifact_type] : []));

test("refused half way, what is in stays, and only the rest is published into the same workflow", async () => {
  const under = await refusedAfterTheFirst();
  const { fault, session } = under;
  expect(fault).toBeInstanceOf(PartlyPublished);
  expect((fault as Error).message).toBe(
    "1 of 3 published; it stays. Price: Price.sum is missing. The rest waits under Publish, for the same workflow.",
  );
  const rest = publishRest(session);
  expect(await answered(under, "w")).toMatchObject({ artifact_type: "Price", correlation_id: "w" });
  expect(await answered(under, "w")).toMatchObject({ artifact_type: "Place", correlation_id: "w" });
  await rest;
  expect(typesSent(under)).toEqual(["Order", "Price", "Price", "Place"]);
  expect(session.store.get(unfinishedAtom)).toBeNull();
});

test("what went in although its answer was lost with the connection is not published twice", async () => {
  const under = await startedSession();
  const { carrier, deliver, script, session } = under;
  const publishing = publishTogether(session, THREE).catch((error: unknown) => error);
  await answered(under, "w");
  carrier.drop();
  expect(await publishing).toBeInstanceOf(PartlyPublished);
  session.connection.retryNow();
  await Promise.resolve();
  await Promise.resolve();
  const inputs = ["Order", "Price"].map((type) => script.artifact(type, { type, correlation_id: "w" }));
  deliver(...inputs, script.sync());
  const rest = publishRest(session);
  expect(await answered(under, "w")).toMatchObject({ artifact_type: "Place", correlation_id: "w" });
  await rest;
  expect(typesSent(under)).toEqual(["Order", "Price", "Place"]);
});

test("what is left belongs to the server process that knows its workflow", async () => {
  const { carrier, deliver, script, session } = await refusedAfterTheFirst();
  expect(session.store.get(unfinishedAtom)?.done).toBe(1);
  const other = publish(session, "Topic", {});
  const { request_id } = carrier.sent.at(-1) as { request_id: string };
  deliver({ type: "reply", request_id, ok: true, result: { correlation_id: "other" } });
  await other;
  expect(session.store.get(unfinishedAtom)?.done).toBe(1);
  deliver(script.hello("another"), script.sync());
  expect(session.store.get(unfinishedAtom)).toBeNull();
});
