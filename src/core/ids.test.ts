import { afterEach, describe, expect, it, vi } from "vitest";
import { createIds } from "./ids.js";

describe.each(["with the web crypto", "without it, as on Node 18"])("ids %s", (where) => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });
  const makers = (count: number) => {
    if (where.startsWith("without")) vi.stubGlobal("crypto", undefined);
    return Array.from({ length: count }, createIds);
  };

  it("are new each time", () => {
    const [next = () => ""] = makers(1);
    const ids = Array.from({ length: 1_000 }, next);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("differ between two processes", () => {
    const first = makers(1_000).map((next) => next());
    expect(new Set(first).size).toBe(first.length);
  });

  it("are short and fit a URL", () => {
    for (const next of makers(50)) expect(next()).toMatch(/^[0-9a-z]{8}-1$/);
  });
});
