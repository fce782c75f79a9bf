import { expect, test } from "vitest";
import { totalsAtom } from "./atoms.js";
import { hasFailed, nextAttempt, stateWords } from "./attempts.js";
import { attentionTitle } from "./attention.js";
import { type SessionUnderTest, startedSession } from "./session.testing.js";

const error = { code: "invalid_output", message: "The score must be below zero" };

/** The first attempt of a run fails, and is told to be tried again. */
async function failedOnce(willRetry = true): Promise<SessionUnderTest> {
  const under = await startedSession();
  const { deliver, script } = under;
  deliver(...script.workflow("w"), ...script.start("s1"));
  deliver(script.complete("s1", { status: "failed", error }), script.fault("s1", error, willRetry));
  return under;
}

const first = ({ session: { view } }: SessionUnderTest) => {
  const stream = view.streams.get("s1");
  if (stream === undefined) throw new Error("no stream");
  return { view, stream };
};

test("an attempt that is tried again is no failure, in the count and the title", async () => {
  const under = await failedOnce();
  const { session, deliver, script } = under;
  const { view, stream } = first(under);
  expect(nextAttempt(view, stream)).toBe("soon");
  deliver(script.again("s2", "s1", 2));
  expect(nextAttempt(view, stream)).toMatchObject({ id: "s2" });
  expect(stateWords(view, stream, "failed")).toBe("failed, tried again");
  deliver(script.complete("s2"), script.finish("w"));
  const totals = session.store.get(totalsAtom);
  expect(totals).toMatchObject({ failed: 0, done: 1 });
  expect(attentionTitle(totals, "Test flock", false)).toBe("✓ 1 done · Test flock");
});

test("the last attempt counts, and so does one that the run outlived without trying it again", async () => {
  const given = await failedOnce(false);
  expect(hasFailed(first(given).view, first(given).stream)).toBe(true);
  expect(given.session.store.get(totalsAtom).failed).toBe(1);

  const survived = await failedOnce();
  survived.deliver(survived.script.completeRun("s1"));
  expect(hasFailed(first(survived).view, first(survived).stream)).toBe(true);
  expect(survived.session.store.get(totalsAtom).failed).toBe(1);
});
