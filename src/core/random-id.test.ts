import { afterEach, expect, test, vi } from "vitest";
import { randomId } from "./random-id.js";

afterEach(() => {
  vi.unstubAllGlobals();
});

test.each(["with", "without"])("ids are UUIDs, each another, %s global crypto", (which) => {
  if (which === "without") vi.stubGlobal("crypto", undefined);
  const ids = Array.from({ length: 1_000 }, randomId);
  expect(new Set(ids).size).toBe(1_000);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
