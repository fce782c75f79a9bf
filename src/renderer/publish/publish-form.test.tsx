// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { SessionProvider } from "../app-context.js";
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
