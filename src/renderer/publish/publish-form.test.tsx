// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { SessionProvider } from "../app-context.js";
import { noticeAtom } from "../state/interface.js";
import { startedSession } from "../state/session.testing.js";
import { PublishForm } from "./publish-form.js";

afterEach(cleanup);

async function shownForm(schema: Record<string, unknown>, sample: unknown) {
  const under = await startedSession();
  const hello = under.session.view.hello;
  if (hello === null) throw new Error("no hello");
  const flock = { name: "Test flock", sample: { Topic: sample } };
  under.deliver({ ...hello, epoch: "another", artifact_types: { Topic: schema }, flock }, under.script.sync());
  render(
    <SessionProvider session={under.session}>
      <PublishForm />
    </SessionProvider>,
  );
  await act(async () => vi.dynamicImportSettled());
  return under;
}

const published = ({ carrier }: Awaited<ReturnType<typeof shownForm>>) => {
  fireEvent.click(screen.getByTestId("publish-submit"));
  return carrier.sent.findLast(({ type }) => type === "publish");
};
const type = (label: string | RegExp, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } });

const texts = {
  type: "object",
  properties: { title: { type: "string", description: "A hint" }, angle: { type: "string" } },
  required: ["title"],
};
const withNumber = { ...texts, properties: { ...texts.properties, pages: { type: "integer" } } };

test.each([
  ["written out", texts],
  ["generated", withNumber],
])("a form %s shows the sample and its hints, and publishes what it holds", async (_how, schema) => {
  const under = await shownForm(schema, { title: "Kites", angle: "Wind" });
  expect(screen.getByLabelText("title").getAttribute("value")).toBe("Kites");
  expect(screen.getByText("A hint").className).toBe("field-hint");
  type("title", "Gliders");
  type(/^angle/, "");
  const message = published(under);
  expect(message?.type === "publish" && JSON.parse(JSON.stringify(message.payload))).toEqual({ title: "Gliders" });
});

test("both kinds of form are made of the same fields", async () => {
  await shownForm(texts, { title: "Kites" });
  const written = screen.getByLabelText("title").closest(".field");
  const attributes = written?.innerHTML;
  cleanup();
  await shownForm(withNumber, { title: "Kites" });
  const generated = screen.getByLabelText("title");
  expect(attributes).toContain(`id="${generated.id}"`);
  expect(attributes).toContain(`class="${generated.className}"`);
});

test("a sample of several artifacts goes into one workflow, unless one of them is edited", async () => {
  const under = await startedSession();
  const hello = under.session.view.hello;
  if (hello === null) throw new Error("no hello");
  const samples = [1, 2, 3].map((at) => ({ type: "Topic", payload: { title: `Kite ${at}` } }));
  const flock = { name: "Test flock", sample: { Topic: { title: "Kite 3" } }, samples };
  under.deliver({ ...hello, epoch: "another", artifact_types: { Topic: texts }, flock }, under.script.sync());
  render(
    <SessionProvider session={under.session}>
      <PublishForm />
    </SessionProvider>,
  );
  const sent = () => under.carrier.sent.filter((message) => message.type === "publish");
  fireEvent.click(screen.getByText("Publish the whole sample: 3 × Topic"));
  for (let answered = 0; answered < 3; answered += 1) {
    const message = sent()[answered];
    if (message === undefined) throw new Error(`publish ${answered} was not sent`);
    await act(async () =>
      under.deliver({ type: "reply", request_id: message.request_id, ok: true, result: { correlation_id: "w1" } }),
    );
  }
  expect(sent().map(({ payload, correlation_id }) => [payload, correlation_id])).toEqual([
    [{ title: "Kite 1" }, undefined],
    [{ title: "Kite 2" }, "w1"],
    [{ title: "Kite 3" }, "w1"],
  ]);
  type("title", "Gliders");
  expect(screen.queryByTestId("publish-sample")).toBeNull();
  expect(screen.getByTestId("publish-submit").textContent).toBe("Publish Topic");
});

test.each([
  ["allows anything", {}],
  ["has names in place of words", { title: "string" }],
])("a schema that %s is written as JSON, without a form that could not be made", async (_which, schema) => {
  const under = await shownForm(schema, { title: "Kites" });
  expect(screen.getByText("The schema of Topic names no fields: write what is published as JSON.")).toBeTruthy();
  expect(screen.queryByText(/Unsupported/)).toBeNull();
  expect(screen.queryByText("As JSON")).toBeNull();
  const box = screen.getByLabelText("Topic as JSON");
  expect(JSON.parse(box.textContent ?? "")).toEqual({ title: "Kites" });
  type("Topic as JSON", '{ "title": "Gliders" }');
  const message = published(under);
  expect(message?.type === "publish" && message.payload).toEqual({ title: "Gliders" });
});

test("what is written as JSON outlasts the form, and goes into the fields when it is JSON", async () => {
  const under = await shownForm(texts, { title: "Kites" });
  const reopen = () => {
    cleanup();
    render(
      <SessionProvider session={under.session}>
        <PublishForm />
      </SessionProvider>,
    );
  };
  fireEvent.click(screen.getByText("As JSON"));
  type("Topic as JSON", '{ "title": "Gli');
  reopen();
  expect(screen.getByLabelText<HTMLTextAreaElement>("Topic as JSON").value).toBe('{ "title": "Gli');
  fireEvent.click(screen.getByText("As JSON"));
  expect(screen.getByRole("alert").textContent).toContain("This is not JSON");
  type("Topic as JSON", '{ "title": "Gliders" }');
  fireEvent.click(screen.getByText("As JSON"));
  expect(screen.getByLabelText("title").getAttribute("value")).toBe("Gliders");
  expect(published(under)).toMatchObject({ payload: { title: "Gliders" } });
});

test("a refusal half way is told, and leaves a button for the rest and the focus where it was", async () => {
  const under = await startedSession();
  const hello = under.session.view.hello;
  if (hello === null) throw new Error("no hello");
  const samples = ["Kites", "Gliders"].map((title) => ({ type: "Topic", payload: { title } }));
  const flock = { name: "Test flock", sample: { Topic: { title: "Kites" } }, samples };
  under.deliver({ ...hello, epoch: "another", artifact_types: { Topic: texts }, flock }, under.script.sync());
  render(
    <SessionProvider session={under.session}>
      <PublishForm />
    </SessionProvider>,
  );
  const answer = async (error?: { code: string; message: string }) => {
    const message = under.carrier.sent.findLast(({ type }) => type === "publish");
    if (message?.type !== "publish") throw new Error("nothing was published");
    const outcome = error === undefined ? { ok: true, result: { correlation_id: "w" } } : { ok: false, error };
    await act(async () => under.deliver({ type: "reply", request_id: message.request_id, ...outcome }));
  };
  const busy = screen.getByTestId("publish-submit");
  busy.focus();
  fireEvent.click(busy);
  expect([busy.getAttribute("aria-disabled"), document.activeElement]).toEqual(["true", busy]);
  fireEvent.click(busy);
  expect(under.carrier.sent.filter(({ type }) => type === "publish")).toHaveLength(1);
  await answer();

  fireEvent.click(screen.getByTestId("publish-sample"));
  await answer();
  await answer({ code: "invalid", message: "Too windy" });
  expect(under.session.store.get(noticeAtom)).toEqual({
    text: "1 of 2 published; it stays. Topic: Too windy. The rest waits under Publish, for the same workflow.",
    failed: true,
  });
  expect(screen.queryByTestId("publish-sample")).toBeNull();
  expect(screen.getByTestId("publish-rest").textContent).toBe("Publish the rest: Topic");
  fireEvent.click(screen.getByText("Leave the rest out"));
  expect(screen.getByTestId("publish-sample")).toBeTruthy();
});
