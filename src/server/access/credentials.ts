/** Where a request's proof is, taken from its headers. The first kind that is present decides; none falls through. */
export type Credential =
  | { readonly kind: "bearer" | "subprotocol"; readonly token: string }
  | { readonly kind: "session"; readonly id: string }
  | { readonly kind: "malformed"; readonly detail: string }
  | { readonly kind: "none" };

export const TOKEN_PROTOCOL_PREFIX = "flockdeck.token.";

export interface CredentialHeaders {
  readonly authorization: string | undefined;
  /** `Sec-WebSocket-Protocol`; undefined on anything but an upgrade. */
  readonly subprotocols: string | undefined;
  readonly cookie: string | undefined;
}

export function subprotocolList(header: string | undefined): string[] {
  return (header ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

function cookieValue(header: string | undefined, name: string): string | undefined {
  for (const pair of (header ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

export function findCredential(headers: CredentialHeaders, cookieName: string): Credential {
  if (headers.authorization !== undefined) {
    const token = /^Bearer +([^\s,]+) *$/i.exec(headers.authorization)?.[1];
    if (token) return { kind: "bearer", token };
    return { kind: "malformed", detail: "Authorization must be: Bearer TOKEN" };
  }
  const tokens = subprotocolList(headers.subprotocols).filter((name) => name.startsWith(TOKEN_PROTOCOL_PREFIX));
  if (tokens.length > 1) return { kind: "malformed", detail: `Give one ${TOKEN_PROTOCOL_PREFIX}TOKEN subprotocol` };
  if (tokens[0] !== undefined) return { kind: "subprotocol", token: tokens[0].slice(TOKEN_PROTOCOL_PREFIX.length) };
  const id = cookieValue(headers.cookie, cookieName);
  if (id) return { kind: "session", id };
  return { kind: "none" };
}
