import { expect, test } from "vitest";
import { Cancellation } from "./cancellation.js";
import { FlockError } from "./errors.js";
import { FakeClock } from "./fake-clock.testing.js";
import { ProviderGate, providerOf } from "./provider-gate.js";

const told = () => {};

test("a place that falls free for a call that is stopped in the same moment goes to the next", async () => {
  const gate = new ProviderGate(new FakeClock(), { openai: { maxConcurrency: 1 } });
  const [first, second, third] = [new Cancellation(), new Cancellation(), new Cancellation()];
  const leave = await gate.enter("openai/gpt", first.signal, told);
  const stopped = gate.enter("openai/gpt", second.signal, told);
  const next = gate.enter("openai/gpt", third.signal, told);
  leave();
  second.cancel(new FlockError("cancelled", "stopped"));
  await expect(stopped).rejects.toMatchObject({ code: "cancelled" });
  await expect(next).resolves.toBeTypeOf("function");
});

test("the longest of several waits counts", async () => {
  const clock = new FakeClock();
  const gate = new ProviderGate(clock, {});
  gate.block("openai/gpt", clock.now() + 5_000);
  gate.block("openai/other", clock.now() + 1_000);
  let entered = false;
  void gate.enter("openai/gpt", new Cancellation().signal, told).then(() => {
    entered = true;
  });
  await clock.advance(4_999);
  expect(entered).toBe(false);
  await clock.advance(1);
  expect(entered).toBe(true);
});

test.each([
  ["openai/gpt-5-mini", "openai"],
  ["local/meta/llama", "local"],
  ["demo", "demo"],
  ["", ""],
])("the provider of %j is %j", (model, provider) => {
  expect(providerOf(model)).toBe(provider);
});
