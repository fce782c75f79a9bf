import { expect, it } from "vitest";
import { ManualClock } from "./server.testing.js";
import { TokenBucket } from "./token-bucket.js";

it("lets a burst through, then the rate; quiet never saves up more than a burst", () => {
  const clock = new ManualClock();
  const bucket = new TokenBucket(clock, 50, 100);
  const takeAll = () => {
    let taken = 0;
    while (bucket.take()) taken += 1;
    return taken;
  };
  expect(takeAll()).toBe(100);
  clock.advance(19);
  expect(bucket.take()).toBe(false);
  clock.advance(1);
  expect(takeAll()).toBe(1);
  clock.advance(1_000);
  expect(takeAll()).toBe(50);
  clock.advance(3_600_000);
  expect(takeAll()).toBe(100);
  expect(bucket.take(0)).toBe(true);
});
