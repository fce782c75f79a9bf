import { expect, test, vi } from "vitest";
import { FlockSession, type SessionRuntime } from "./flock-session.js";

const hub = {
  addViewer: () => {
    throw new Error("no viewer comes in these tests");
  },
};

function runtime(name: string, log: string[]): SessionRuntime {
  return {
    name,
    hub,
    shutdown: async () => {
      log.push(`shutdown ${name}`);
    },
  };
}

function setup(mayReplace = true) {
  const log: string[] = [];
  const session = new FlockSession<SessionRuntime>({
    open: async (path) =>
      path.includes("bad")
        ? { ok: false, rejection: { path, faults: [{ line: 3, severity: "error", message: "No such type." }] } }
        : { ok: true, runtime: runtime(path, log) },
    mayReplace: async () => mayReplace,
    onOpened: (opened) => {
      log.push(`follow ${opened.name}`);
    },
    onChange: vi.fn(),
  });
  return { log, session };
}

test("everybody follows the new flock before the old one shuts down", async () => {
  const { log, session } = setup();
  expect(await session.open("a")).toBe("opened");
  expect(await session.open("b")).toBe("opened");
  expect(log).toEqual(["follow a", "follow b", "shutdown a"]);
  expect(session.current?.path).toBe("b");
});

test("a faulty file leaves the flock running and tells its faults until another one opens", async () => {
  const { log, session } = setup();
  await session.open("a");
  expect(await session.open("bad")).toBe("rejected");
  expect(session.current?.path).toBe("a");
  expect(session.rejected).toMatchObject({ path: "bad", faults: [{ line: 3 }] });
  await session.open("b");
  expect(session.rejected).toBeUndefined();
  expect(log).toEqual(["follow a", "follow b", "shutdown a"]);
});

test("a user who keeps the flock keeps it", async () => {
  const { log, session } = setup(false);
  await session.open("a");
  expect(await session.open("b")).toBe("kept");
  expect(session.current?.path).toBe("a");
  expect(log).toEqual(["follow a", "shutdown b"]);
});

test("files opened at once are opened one after the other, and the last one stays", async () => {
  const { log, session } = setup();
  await Promise.all([session.open("a"), session.open("b"), session.open("c")]);
  expect(session.current?.path).toBe("c");
  expect(log).toEqual(["follow a", "follow b", "shutdown a", "follow c", "shutdown b"]);
});

test("a rejected file can be dismissed", async () => {
  const { session } = setup();
  await session.open("bad");
  session.dismissRejected();
  expect(session.rejected).toBeUndefined();
});
