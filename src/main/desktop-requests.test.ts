import { expect, test, vi } from "vitest";
import { answerRequest, type DesktopActions } from "./desktop-requests.js";

function actions(change: Partial<DesktopActions> = {}): DesktopActions {
  return {
    openFile: vi.fn(async () => "opened" as const),
    reloadFile: vi.fn(async () => undefined),
    dismissRejected: vi.fn(),
    setKey: vi.fn(),
    removeKey: vi.fn(),
    startRemote: vi.fn(async () => {}),
    stopRemote: vi.fn(async () => {}),
    rotateTokens: vi.fn(),
    disconnectViewer: vi.fn(() => false),
    listRecordings: vi.fn(async () => []),
    deleteRecording: vi.fn(async () => {}),
    setRecording: vi.fn(async () => {}),
    startReplay: vi.fn(async () => {}),
    steerReplay: vi.fn(async () => {}),
    stopReplay: vi.fn(),
    setNotifications: vi.fn(),
    setAttention: vi.fn(),
    ...change,
  };
}

const request = { type: "desktop_request", request_id: "r1" } as const;

test("opening tells what came of it", async () => {
  const all = actions();
  expect(await answerRequest({ ...request, method: "open_file", path: "/a.yaml" }, all)).toEqual({
    ok: true,
    result: { outcome: "opened" },
  });
  expect(all.openFile).toHaveBeenCalledWith("/a.yaml");
  expect(await answerRequest({ ...request, method: "reload_file" }, all)).toEqual({
    ok: true,
    result: { outcome: "cancelled" },
  });
});

test("the network needs an explicit yes", async () => {
  const all = actions();
  await answerRequest({ ...request, method: "start_remote", host: "0.0.0.0", port: 1 }, all);
  await answerRequest({ ...request, method: "start_remote", host: "0.0.0.0", port: 1, allow_network: true }, all);
  expect(vi.mocked(all.startRemote).mock.calls).toEqual([
    ["0.0.0.0", 1, false],
    ["0.0.0.0", 1, true],
  ]);
});

test("a fault is an answer, in its own words", async () => {
  const all = actions({
    setKey: () => {
      throw new Error("No system keychain answers here.");
    },
  });
  expect(await answerRequest({ ...request, method: "set_key", provider: "openai", key: "k" }, all)).toEqual({
    ok: false,
    error: { code: "invalid_request", message: "No system keychain answers here." },
  });
});

test("a viewer that left already cannot be disconnected", async () => {
  const answer = await answerRequest({ ...request, method: "disconnect_viewer", viewer_id: "v1" }, actions());
  expect(answer).toMatchObject({ ok: false, error: { code: "not_found" } });
});
