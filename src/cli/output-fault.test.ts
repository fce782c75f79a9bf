import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { OutputFaults } from "./output-fault.js";

function fault(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: it went wrong`), { code });
}

test.each([
  ["a closed pipe", "EPIPE", false, false],
  ["a full disk", "ENOSPC", false, true],
  ["a broken device", "EIO", false, true],
  ["a terminal that went away", "EIO", true, false],
])("%s (%s, terminal: %s) is a fault: %s", async (_what, code, isTTY, isFault) => {
  const stdout = Object.assign(new PassThrough(), { isTTY });
  const stderr = new PassThrough();
  const faults = new OutputFaults({ stdout, stderr });
  stdout.emit("error", fault(code));
  stdout.emit("error", fault(code));
  expect(await faults.isBroken()).toBe(isFault);
  stderr.end();
  expect((await text(stderr)).match(/cannot be written/g)?.length ?? 0).toBe(isFault ? 1 : 0);
});

test("a stream that throws what it cannot write, as Node 18's do, breaks no one who writes", async () => {
  const stdout = new PassThrough();
  stdout.write = () => {
    throw fault("ENOSPC");
  };
  const faults = new OutputFaults({ stdout, stderr: new PassThrough() });
  expect(stdout.write("text")).toBe(false);
  expect(await faults.isBroken()).toBe(true);
});
