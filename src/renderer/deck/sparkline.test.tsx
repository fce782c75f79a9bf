// @vitest-environment happy-dom
import { cleanup, render } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { Sparkline } from "./sparkline.js";

afterEach(cleanup);

test("the present stands at the right, however short the history is", () => {
  const { container } = render(<Sparkline rates={[3, 9]} />);
  const line = container.querySelector<HTMLElement>(".sparkline");
  expect(line?.style.backgroundPosition).toMatch(/^95\.65% 100%, ?100(\.00)?% 100%$/);
});
