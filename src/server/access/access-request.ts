import type { IncomingMessage } from "node:http";
import type { CredentialHeaders } from "./credentials.js";
import type { AccessRequest } from "./decide.js";

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(", ") : value;
}

/** What access depends on, from a request or an upgrade. */
export function accessRequestOf(incoming: IncomingMessage): AccessRequest {
  let hostHeaders = 0;
  for (let index = 0; index < incoming.rawHeaders.length; index += 2) {
    if (incoming.rawHeaders[index]?.toLowerCase() === "host") hostHeaders += 1;
  }
  return {
    host: incoming.headers.host,
    hostHeaders,
    origin: single(incoming.headers.origin),
    fetchSite: single(incoming.headers["sec-fetch-site"]),
    fetchMode: single(incoming.headers["sec-fetch-mode"]),
    target: incoming.url ?? "",
  };
}

export function credentialHeadersOf(incoming: IncomingMessage, isUpgrade: boolean): CredentialHeaders {
  return {
    authorization: incoming.headers.authorization,
    subprotocols: isUpgrade ? single(incoming.headers["sec-websocket-protocol"]) : undefined,
    cookie: incoming.headers.cookie,
  };
}

/** The path alone: a query may hold what must not be logged. */
export function pathOf(incoming: IncomingMessage): string {
  return (incoming.url ?? "").split(/[?#]/, 1)[0] ?? "";
}
