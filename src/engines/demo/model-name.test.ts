import { expect, it } from "vitest";
import { FlockError } from "../../core/errors.js";
import { type DemoModel, parseDemoModel } from "./model-name.js";

it.each<[string, DemoModel]>([
  ["demo/essay", { kind: "essay", tps: 40, chars: 2000, seed: 1 }],
  ["demo/essay?", { kind: "essay", tps: 40, chars: 2000, seed: 1 }],
  ["demo/essay?tps=0.5&chars=10&seed=7", { kind: "essay", tps: 0.5, chars: 10, seed: 7 }],
  ["demo/essay?seed=0", { kind: "essay", tps: 40, chars: 2000, seed: 0 }],
  ["demo/echo", { kind: "echo", tps: 200, chunk: 4 }],
  ["demo/echo?chunk=1&tps=100000", { kind: "echo", tps: 100_000, chunk: 1 }],
  ["demo/echo?tps=0", { kind: "echo", tps: 0, chunk: 4 }],
  ["demo/fail", { kind: "fail", tps: 200, after: 200, how: "drop" }],
  ["demo/fail?after=0&how=no_finish", { kind: "fail", tps: 200, after: 0, how: "no_finish" }],
])("%s is read with its defaults", (name, model) => {
  expect(parseDemoModel(name)).toEqual(model);
});

it.each([
  ["demo/", /demo\/essay\?tps=40/],
  ["demo/poem", /demo\/essay\?tps=40/],
  ["demo/toString", /demo\/essay\?tps=40/],
  ["demo/essay?speed=2", /no parameter "speed". It takes tps, chars, seed/],
  ["demo/echo?chars=2", /no parameter "chars". It takes tps, chunk/],
  ["demo/essay?tps=fast", /"tps" must be tokens a second.*tps=40/],
  ["demo/essay?tps=-1", /"tps" must be/],
  ["demo/essay?tps=", /"tps" must be/],
  ["demo/essay?chars=0", /"chars" must be/],
  ["demo/essay?chars=1e3", /"chars" must be/],
  ["demo/echo?chunk=0", /"chunk" must be/],
  ["demo/echo?chunk=0x10", /"chunk" must be/],
  ["demo/fail?how=explode", /"how" must be drop, stall, error or no_finish/],
  ["demo/fail?after=many", /"after" must be/],
  ["demo/essay?seed=1&seed=2", /"seed" is given twice/],
])("%s is refused with words that mend it", (name, words) => {
  let fault: unknown;
  try {
    parseDemoModel(name);
  } catch (caught) {
    fault = caught;
  }
  expect(fault).toBeInstanceOf(FlockError);
  expect(fault).toMatchObject({ code: "unknown_model", message: expect.stringMatching(words) });
});
