import { CarrierError } from "./carrier.js";

/** The token that a link carries in its fragment, or undefined. */
export function tokenInFragment(hash: string): string | undefined {
  const token = new URLSearchParams(hash.replace(/^#/, "")).get("token");
  return token === null || token === "" ? undefined : token;
}

/**
 * Trades the link's token for the session cookie and takes the token out of the address bar, so that it is neither
 * copied with the address nor kept in the history. Without a token the cookie of an earlier visit has to do.
 */
export async function signIn(
  location: Location,
  history: History,
  request: typeof fetch = fetch,
  signal?: AbortSignal,
): Promise<void> {
  const token = tokenInFragment(location.hash);
  if (token === undefined) return;
  const response = await request("/session", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token }),
    credentials: "same-origin",
    ...(signal === undefined ? {} : { signal }),
  });
  if (response.status === 401 || response.status === 403) {
    throw new CarrierError(4401, "This link is no longer valid. Ask its owner for a new one.");
  }
  if (response.status === 429) {
    throw new CarrierError(4429, "Too many failed tries from this address. Wait an hour, then open the link again.");
  }
  if (!response.ok) throw new CarrierError(1011, `The server answered ${response.status} to the sign-in.`);
  history.replaceState(null, "", location.pathname + location.search);
}
