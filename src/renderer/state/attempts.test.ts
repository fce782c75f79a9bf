import { expect, test } from "vitest";
import { timelineRuns } from "../timeline/timeline-rows.js";
import { announcementAtom, totalsAtom } from "./atoms.js";
import { nextAttempt, shapeAmongAttempts } from "./attempts.js";
import { attentionTitle } from "./attention.js";
import { arrangementAtom } from "./deck-atoms.js";
import { filterAtom, NO_FILTER, type StateFilter } from "./interface.js";
import { foldFinishedAtom } from "./preferences.js";
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
  expect(shapeAmongAttempts(view, stream)).toBe("retried");
  deliver(script.complete("s2"), script.finish("w"));
  const totals = session.store.get(totalsAtom);
  expect(totals).toMatchObject({ failed: 0, retried: 1, done: 1 });
  expect(attentionTitle(totals, "Test flock", false)).toBe("✓ 1 done · Test flock");
});

test("the last attempt counts, and so does one that the run outlived without trying it again", async () => {
  const given = await failedOnce(false);
  expect(shapeAmongAttempts(first(given).view, first(given).stream)).toBe("failed");
  expect(given.session.store.get(totalsAtom).failed).toBe(1);

  const survived = await failedOnce();
  survived.deliver(survived.script.completeRun("s1"));
  expect(shapeAmongAttempts(first(survived).view, first(survived).stream)).toBe("failed");
  expect(survived.session.store.get(totalsAtom).failed).toBe(1);
});

test("what shows only what failed leaves out what was tried again; that is a state of its own, and folds away", async () => {
  const { session, deliver, script } = await failedOnce();
  deliver(script.again("s2", "s1", 2), script.complete("s2"));
  const { store } = session;
  const shown = (state: StateFilter) => {
    store.set(filterAtom, { ...NO_FILTER, state });
    return store.get(arrangementAtom).groups.flatMap(({ slots }) => slots.map(({ streamId }) => streamId));
  };
  expect(shown("failed")).toEqual([]);
  expect(shown("retried")).toEqual(["s1"]);
  store.set(filterAtom, NO_FILTER);
  store.set(foldFinishedAtom, true);
  expect(store.get(arrangementAtom).groups[0]?.folded.map(({ streamId }) => streamId)).toEqual(["s1", "s2"]);
});

test("a screen reader and the timeline tell an attempt that is tried again from one that failed", async () => {
  const { session } = await failedOnce();
  expect(session.store.get(announcementAtom)).toBe(
    "writer is retried after 0 characters: The score must be below zero.",
  );
  const bars = () => timelineRuns(session.view, null, 5_000, false)[0]?.streams.map(({ shape }) => shape);
  expect(bars()).toEqual(["retried"]);

  const given = await failedOnce(false);
  expect(given.session.store.get(announcementAtom)).toMatch(/^writer failed after/);
  expect(timelineRuns(given.session.view, null, 5_000, false)[0]?.streams[0]?.shape).toBe("failed");
});

test("of many that ended at once, those that are tried again are counted apart", async () => {
  const { session, deliver, script } = await startedSession();
  const ids = ["s1", "s2", "s3", "s4"];
  deliver(...script.workflow("w"), ...ids.flatMap((id) => script.start(id)));
  deliver(
    ...ids.map((id) => script.complete(id, { status: "failed", error })),
    script.fault("s1", error, true),
    script.fault("s2", error, false),
  );
  expect(session.store.get(announcementAtom)).toBe("4 streams ended, 3 failed, 1 retried.");
});
