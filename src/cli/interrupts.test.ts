import { PassThrough } from "node:stream";
import { expect, test, vi } from "vitest";
import { watchInterrupts } from "./interrupts.js";
import type { Io } from "./io.js";

function fakeIo() {
  const listeners = new Map<string, () => void>();
  const io: Io = {
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    env: {},
    onSignal(signal, listener) {
      listeners.set(signal, listener);
      return () => listeners.delete(signal);
    },
    exit: (code) => {
      throw new Error(`exit ${code}`);
    },
  };
  return { io, send: (signal: string) => listeners.get(signal)?.(), listeners };
}

test("the first Ctrl-C interrupts, the second leaves at once", async () => {
  const { io, send, listeners } = fakeIo();
  const onAgain = vi.fn();
  const interrupts = watchInterrupts(io, { onAgain });
  expect(interrupts.ending).toBeUndefined();
  send("SIGINT");
  expect(await interrupts.first).toBe("interrupted");
  expect(onAgain).not.toHaveBeenCalled();
  send("SIGINT");
  expect(onAgain).toHaveBeenCalledOnce();
  interrupts.release();
  expect(listeners.size).toBe(0);
});

test.each(["SIGTERM", "SIGHUP"])("%s interrupts", async (signal) => {
  const { io, send } = fakeIo();
  const interrupts = watchInterrupts(io, { onAgain: () => {} });
  send(signal);
  expect(await interrupts.first).toBe("interrupted");
  interrupts.release();
});

test("a hang-up that is told twice cuts nothing off", () => {
  const { io, send } = fakeIo();
  const onAgain = vi.fn();
  const interrupts = watchInterrupts(io, { onAgain });
  send("SIGHUP");
  send("SIGHUP");
  expect(onAgain).not.toHaveBeenCalled();
  send("SIGTERM");
  expect(onAgain).toHaveBeenCalledOnce();
  interrupts.release();
});

test("an output that breaks counts as gone, also after an interruption", async () => {
  const { io, send } = fakeIo();
  const interrupts = watchInterrupts(io, { onAgain: () => {} });
  send("SIGINT");
  io.stdout.emit("error", new Error("EPIPE"));
  expect(interrupts.ending).toBe("gone");
  interrupts.release();
});

test("a timeout ends the run; Ctrl-C after it counts as the first", async () => {
  vi.useFakeTimers();
  const { io, send } = fakeIo();
  const onAgain = vi.fn();
  const interrupts = watchInterrupts(io, { timeout: 5, onAgain });
  await vi.advanceTimersByTimeAsync(4_999);
  expect(interrupts.ending).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  expect(await interrupts.first).toBe("timeout");
  send("SIGINT");
  expect(onAgain).not.toHaveBeenCalled();
  expect(interrupts.ending).toBe("interrupted");
  interrupts.release();
  vi.useRealTimers();
});
