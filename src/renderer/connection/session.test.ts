import { expect, test, vi } from "vitest";
import { CarrierError } from "./carrier.js";
import { signIn, tokenInFragment } from "./session.js";

test.each([
  ["#token=abc", "abc"],
  ["#token=a%2Bb", "a+b"],
  ["#other=1&token=abc", "abc"],
  ["#token=", undefined],
  ["#", undefined],
  ["", undefined],
])("the token of %j is %j", (hash, token) => {
  expect(tokenInFragment(hash)).toBe(token);
});

function page(hash: string) {
  const location = { hash, pathname: "/", search: "" } as Location;
  const replaceState = vi.fn();
  return { location, history: { replaceState } as unknown as History, replaceState };
}

const answering = (status: number) => vi.fn(async () => new Response("{}", { status }));

test("the token is traded for a cookie and taken out of the address", async () => {
  const { location, history, replaceState } = page("#token=abc");
  const request = answering(200);
  await signIn(location, history, request);
  expect(request).toHaveBeenCalledWith(
    "/session",
    expect.objectContaining({ method: "POST", body: '{"token":"abc"}' }),
  );
  expect(replaceState).toHaveBeenCalledWith(null, "", "/");
});

test("without a token nothing is asked: the cookie has to do", async () => {
  const { location, history } = page("");
  const request = answering(200);
  await signIn(location, history, request);
  expect(request).not.toHaveBeenCalled();
});

test.each([
  [401, 4401],
  [429, 4429],
  [500, 1011],
])("an answer of %i leaves the address alone and tells why (%i)", async (status, code) => {
  const { location, history, replaceState } = page("#token=old");
  const fault = await signIn(location, history, answering(status)).catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(CarrierError);
  expect(fault).toMatchObject({ code });
  expect(replaceState).not.toHaveBeenCalled();
});
