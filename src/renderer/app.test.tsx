// @vitest-environment happy-dom
import { act, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { App } from "./app.js";
import { freshPages, settle, shownApp, tile } from "./app.testing.js";
import { SessionProvider } from "./app-context.js";
import { fakeDesktopState } from "./dev/fake-desktop.js";
import { connectionAtom } from "./state/atoms.js";
import { comparedAtom, dialogAtom, noticeAtom, type ViewName, viewAtom } from "./state/interface.js";
import { startedSession } from "./state/session.testing.js";

freshPages();

test("a newcomer sees the sample ready and one button, and it publishes", async () => {
  const { carrier } = await shownApp();
  expect(screen.getByTestId("flock-name").textContent).toBe("Test flock");
  expect(screen.getByLabelText("title").getAttribute("value")).toBe("Kites");
  expect(screen.getAllByTestId("publish-submit")).toHaveLength(1);
  fireEvent.click(screen.getByTestId("publish-submit"));
  expect(carrier.sent.at(-1)).toMatchObject({ type: "publish", artifact_type: "Topic", payload: { title: "Kites" } });
});

test("what the form holds is what is published", async () => {
  const { carrier } = await shownApp();
  fireEvent.change(screen.getByLabelText("title"), { target: { value: "Gliders" } });
  fireEvent.click(screen.getByTestId("publish-submit"));
  expect(carrier.sent.at(-1)).toMatchObject({ payload: { title: "Gliders" } });
});

test("a refused payload says why, and the form stays", async () => {
  const { carrier, deliver } = await shownApp();
  fireEvent.click(screen.getByTestId("publish-submit"));
  const { request_id } = carrier.sent.at(-1) as { request_id: string };
  const error = { code: "invalid_payload", message: "title: must not be empty" };
  deliver({ type: "reply", request_id, ok: false, error });
  await settle();
  expect(screen.getByRole("alert").textContent).toContain("title: must not be empty");
});

test("a tile tells who writes what, stops alone, and keeps its text", async () => {
  const { carrier, deliver, script } = await shownApp();
  deliver(...script.workflow("w"), ...script.start("s1"));
  await settle();
  deliver(script.text("s1", "# Kites\n\nPaper and *wind*."));
  await settle();
  deliver(script.text("s1", " More."));
  const writer = tile("writer");
  if (writer === null) throw new Error("no tile");
  expect(writer.dataset).toMatchObject({ streamId: "s1", state: "live" });
  expect(within(writer).getByTestId("stream-text").textContent).toContain("Paper and wind. More.");
  expect(tile("editor")?.dataset.state).toBe("waiting");
  expect(tile("editor")?.getAttribute("data-stream-id")).toBe("");
  fireEvent.click(within(writer).getByTestId("stream-stop"));
  expect(carrier.sent.findLast(({ type }) => type === "cancel")).toMatchObject({ stream_id: "s1" });
  deliver(script.complete("s1", { status: "cancelled" }));
  expect(tile("writer")?.dataset.state).toBe("stopped");
  expect(within(writer).getByTestId<HTMLButtonElement>("stream-stop").disabled).toBe(true);
  expect(within(writer).getByTestId("stream-text").textContent).toContain("More.");
});

test("a failure says what happened, what was kept and what to do", async () => {
  const { deliver, script } = await shownApp();
  deliver(...script.workflow("w"), ...script.start("s1"), script.text("s1", "abcd"));
  await settle();
  deliver(script.complete("s1", { status: "failed", error: { code: "missing_key", message: "Set OPENAI_API_KEY" } }));
  const writer = tile("writer");
  expect(writer?.dataset.state).toBe("failed");
  expect(writer?.textContent).toContain("Set OPENAI_API_KEY. 4 characters were kept.");
  fireEvent.click(screen.getByText("Set a key"));
  await settle();
  expect(screen.getByRole("heading", { name: "Settings" })).toBeTruthy();
});

test("a failure tells once that text was kept", async () => {
  const { deliver, script } = await shownApp();
  deliver(...script.workflow("w"), ...script.start("s1"), script.text("s1", "a"));
  await settle();
  const message = "demo: The connection broke in mid-stream. The text so far is kept. (ECONNRESET)";
  deliver(script.complete("s1", { status: "failed", error: { code: "connection_lost", message } }));
  await settle();
  expect(document.querySelector(".stream-fault")?.textContent).toContain(
    "demo: The connection broke in mid-stream. (ECONNRESET). 1 character was kept.",
  );
  expect(tile("writer")?.textContent.match(/kept/g)).toHaveLength(1);
});

test("a failed attempt that another follows leads there and offers no second workflow", async () => {
  const { deliver, script } = await shownApp();
  const error = { code: "invalid_output", message: "Too short" };
  deliver(...script.workflow("w"), ...script.start("s1"));
  deliver(script.complete("s1", { status: "failed", error }), script.fault("s1", error, true));
  await settle();
  expect(tile("writer")?.dataset).toMatchObject({ state: "failed", shape: "retried" });
  expect(tile("writer")?.getAttribute("aria-label")).toBe("writer, retried");
  expect(tile("writer")?.textContent).toContain("It is tried again.");
  deliver(script.again("s2", "s1", 2), script.complete("s2"));
  await settle();
  expect(screen.queryByText("Run again")).toBeNull();
  fireEvent.click(screen.getByText("Go to attempt 2"));
  await act(async () => new Promise<unknown>((done) => requestAnimationFrame(done)));
  expect(document.activeElement?.getAttribute("data-stream-id")).toBe("s2");
});

test("lost text is told where it is missing", async () => {
  const { deliver, script } = await shownApp();
  deliver(...script.workflow("w"), ...script.start("s1"));
  await settle();
  deliver({
    type: "stream_reset",
    stream_id: "s1",
    agent_name: "writer",
    offset: 12_345,
    content: "tail",
    reason: "lagged",
  });
  await settle();
  expect(tile("writer")?.textContent).toContain("The first 12,345 characters are missing here");
});

test("a watcher can neither publish nor stop", async () => {
  const under = await startedSession();
  under.deliver(under.script.hello("e2", "watch"), under.script.sync());
  under.deliver(...under.script.workflow("w"), ...under.script.start("s1"));
  render(
    <SessionProvider session={under.session}>
      <App />
    </SessionProvider>,
  );
  await settle();
  expect(screen.queryByTestId("publish-button")).toBeNull();
  expect(screen.queryByTestId("stream-stop")).toBeNull();
  expect(screen.getByTestId("connection-state").textContent).toContain("watching");
});

test("a rejected file shows every fault with its line, and the flock goes on", async () => {
  const { deliver, carrier } = await shownApp();
  const faults = [
    { line: 3, column: 9, severity: "error" as const, message: "Unknown type Drfat", hint: "Did you mean Draft?" },
    { line: 12, severity: "error" as const, message: "max_concurrency must be at least 1" },
  ];
  deliver(fakeDesktopState("Test flock", { rejected: { path: "/tmp/broken.yaml", faults } }));
  const rows = screen.getAllByTestId("fault-row");
  expect(rows.map((row) => row.textContent)).toEqual([
    expect.stringContaining("line 3:9"),
    expect.stringContaining("line 12"),
  ]);
  expect(rows[0]?.textContent).toContain("Did you mean Draft?");
  expect(screen.getByTestId("publish-submit")).toBeTruthy();
  fireEvent.click(screen.getByText("Dismiss"));
  expect(carrier.sent.findLast(({ type }) => type === "desktop_request")).toMatchObject({ method: "dismiss_rejected" });
});

test("artifacts are listed and open to show their payload", async () => {
  const { deliver, script } = await shownApp();
  deliver(...script.workflow("w"), ...script.start("s1"));
  await settle();
  fireEvent.click(screen.getByTestId("artifact-row"));
  expect(screen.getByTestId("artifact-payload").textContent).toContain('"title": "Kites"');
});

test("a tile that the user hid stays hidden in the next workflow, until all are shown", async () => {
  const { deliver, script } = await shownApp();
  deliver(...script.workflow("w"), ...script.start("s1"));
  await settle();
  const writer = tile("writer");
  if (writer === null) throw new Error("no tile");
  writer.focus();
  fireEvent.keyDown(writer, { key: "h" });
  expect(tile("writer")).toBeNull();
  deliver(...script.workflow("w2"), ...script.start("s2", "w2"));
  await settle();
  expect(tile("writer")).toBeNull();
  fireEvent.click(screen.getByText(/tiles? hidden/));
  expect(document.querySelectorAll('[data-agent="writer"]')).toHaveLength(2);
});

test("the page asks for the connection back by itself and says so", async () => {
  const { carrier, session } = await shownApp(false);
  act(() => carrier.drop(1006, ""));
  expect(screen.getByTestId("connection-state").dataset.state).toBe("offline");
  expect(screen.getByText("Retry now")).toBeTruthy();
  expect(screen.getByText("Offline").getAttribute("role")).toBe("status");
  expect(screen.getByText(/^retry in/).closest('[role="status"], [aria-live]')).toBeNull();
  expect(screen.getByText(/^retry in/).getAttribute("aria-hidden")).toBe("true");
  act(() => session.store.set(connectionAtom, { kind: "offline", retryAt: Date.now(), attempt: 0, reason: "" }));
  expect(screen.getByText("trying now")).toBeTruthy();
});

test("cut off, nothing is called live or stalled, no rate is told, and the title says that one is offline", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"] });
  try {
    const { carrier, deliver, script } = await shownApp(false);
    deliver(...script.workflow("w"), ...script.start("s1"), script.text("s1", "abcd"));
    await settle();
    for (let second = 0; second < 3; second += 1) {
      deliver(script.text("s1", "some more text"));
      act(() => vi.advanceTimersByTime(1_000));
    }
    expect(tile("writer")?.textContent).toContain("tok/s");
    expect(document.title).toContain("1 live");
    act(() => carrier.drop(1006, ""));
    act(() => vi.advanceTimersByTime(60_000));
    const said = `${tile("writer")?.textContent} ${document.querySelector(".counters")?.textContent}`;
    expect(said).toContain("connection lost");
    expect(said).toContain("1 was live");
    expect(said).not.toMatch(/stalled|tok\/s/);
    expect(tile("writer")?.getAttribute("aria-label")).toBe("writer, connection lost");
    expect(tile("writer")?.dataset.state).toBe("live");
    expect(document.title).toBe("⏸ Offline · Test flock");
    // The carrier of the test is the next one as well.
    await act(async () => fireEvent.click(screen.getByText("Retry now")));
    expect(tile("writer")?.textContent).toContain("connection lost");
    deliver(script.text("s1", "and on"), script.sync());
    expect(tile("writer")?.textContent).toContain("live");
    expect(tile("writer")?.textContent).not.toContain("tok/s");
    act(() => vi.advanceTimersByTime(1_000));
    await waitFor(() => expect(document.title).toContain("1 live"));
  } finally {
    vi.useRealTimers();
  }
});

test("cut off, group, palette and comparison call nothing live either", async () => {
  const { carrier, deliver, script, session } = await shownApp(false);
  const { store } = session;
  deliver(...script.workflow("w"), ...script.start("s1"), script.text("s1", "abcd"));
  deliver(...script.workflow("w2"), ...script.start("s2", "w2"));
  act(() => {
    store.set(comparedAtom, ["s1", "s2"]);
    store.set(dialogAtom, "compare");
  });
  await settle();
  const shapes = (within: string) =>
    [...document.querySelectorAll<HTMLElement>(`${within} .state-icon`)].map((icon) => icon.dataset.shape);
  expect(shapes(".group-header")).toEqual(["live", "live"]);
  expect(shapes(".compare-head")).toEqual(["live", "live"]);
  act(() => carrier.drop(1006, ""));
  expect(shapes(".group-header")).toEqual(["lost", "lost"]);
  expect(shapes(".compare-head")).toEqual(["lost", "lost"]);
  act(() => store.set(dialogAtom, "palette"));
  await settle();
  expect(shapes(".palette")).toEqual(["lost", "lost"]);
});

const main = () => document.getElementById("main");

test("what goes with the focus in it leaves it to what is around it", async () => {
  const { carrier, deliver, script, session } = await shownApp();
  const { store } = session;
  const title = screen.getByLabelText("title");
  title.focus();
  deliver(...script.workflow("w"), ...script.start("s1"));
  expect(title.isConnected).toBe(false);
  expect(document.activeElement).toBe(main());

  await settle();
  act(() => store.set(noticeAtom, { text: "It did not work", failed: true }));
  screen.getByLabelText("Dismiss").focus();
  fireEvent.click(screen.getByLabelText("Dismiss"));
  expect(document.activeElement).toBe(main());

  const show = async (view: ViewName) => {
    act(() => store.set(viewAtom, view));
    await settle();
  };
  // Loaded once; a page without layout would focus what is hidden until then.
  await show("board");
  await show("deck");
  tile("writer")?.querySelector("button")?.focus();
  await show("board");
  expect(document.activeElement).toBe(main());

  act(() => carrier.drop(1006, ""));
  screen.getByText("Retry now").focus();
  await act(async () => fireEvent.click(screen.getByText("Retry now")));
  deliver(script.sync());
  expect(screen.queryByText("Retry now")).toBeNull();
  expect(document.activeElement).toBe(main());
});
