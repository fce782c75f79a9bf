/** Host × Origin × credential × role: what every row must come to, on HTTP and on the upgrade. */

/** `{host}` stands for the server's `host:port`, `{port}` for its port, WATCH and CONTROL for the tokens. */
export interface AccessRow {
  readonly name: string;
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly authorization?: string | undefined;
  readonly cookie?: "watch" | "control" | string | undefined;
  /** Sent as a subprotocol on the upgrade; on HTTP it counts for nothing. */
  readonly subprotocolToken?: string | undefined;
  readonly query?: string | undefined;
  readonly fetchSite?: string | undefined;
  readonly fetchMode?: string | undefined;
  /** Of `GET /api/v1/agents`. */
  readonly get: number;
  /** Of `POST /api/v1/cancel`, which needs control. */
  readonly post: number;
  /** Of the upgrade: an HTTP status, or a close code, or the role that `hello` tells. */
  readonly upgrade: number | "watch" | "control";
}

const W = "Bearer WATCH";
const C = "Bearer CONTROL";

type Outcome = readonly [get: number, post: number, upgrade: AccessRow["upgrade"]];
const watch: Outcome = [200, 403, "watch"];
const control: Outcome = [200, 202, "control"];
const unauthenticated: Outcome = [401, 401, 4401];
const misdirected: Outcome = [421, 421, 421];
const foreign: Outcome = [403, 403, 403];

function row(name: string, fields: Omit<Partial<AccessRow>, "name">, [get, post, upgrade]: Outcome): AccessRow {
  return { name, ...fields, get, post, upgrade };
}

export const ACCESS_TABLE: readonly AccessRow[] = [
  // who
  row("no credential", {}, unauthenticated),
  row("watch token", { authorization: W }, watch),
  row("control token", { authorization: C }, control),
  row("bearer in lower case", { authorization: "bearer WATCH" }, watch),
  row("two spaces after Bearer", { authorization: "Bearer  WATCH" }, watch),
  row("wrong token", { authorization: "Bearer nonsense" }, unauthenticated),
  row("empty token", { authorization: "Bearer " }, unauthenticated),
  row("Bearer alone", { authorization: "Bearer" }, unauthenticated),
  row("token without a scheme", { authorization: "WATCH" }, unauthenticated),
  row("Basic instead of Bearer", { authorization: "Basic V0FUQ0g=" }, unauthenticated),
  row("watch token with one letter more", { authorization: "Bearer WATCHx" }, unauthenticated),
  row("watch token with its last letter cut", { authorization: "Bearer WATC~" }, unauthenticated),
  row("watch token in lower case", { authorization: "Bearer watch~lower" }, unauthenticated),
  row("two tokens", { authorization: "Bearer WATCH CONTROL" }, unauthenticated),
  row("two tokens with a comma", { authorization: "Bearer WATCH, Bearer CONTROL" }, unauthenticated),
  row("quoted token", { authorization: 'Bearer "WATCH"' }, unauthenticated),
  row("a very long token", { authorization: `Bearer ${"x".repeat(4000)}` }, unauthenticated),
  row("Latin-1 in the token", { authorization: "Bearer W\u00e4TCH" }, unauthenticated),
  row("watch session", { cookie: "watch" }, watch),
  row("control session", { cookie: "control" }, control),
  row("unknown session", { cookie: "flockdeck_session_{port}=nonsense" }, unauthenticated),
  row("empty session", { cookie: "flockdeck_session_{port}=" }, unauthenticated),
  row("cookie with the token in it", { cookie: "flockdeck_session_{port}=CONTROL" }, unauthenticated),
  row("cookie of another port", { cookie: "flockdeck_session_1=WATCH" }, unauthenticated),
  row("malformed cookie", { cookie: ";;=;flockdeck_session_{port}" }, unauthenticated),
  row("wrong bearer beside a right session", { authorization: "Bearer nonsense", cookie: "control" }, unauthenticated),
  row("watch bearer beside a control session", { authorization: W, cookie: "control" }, watch),
  row("control bearer beside a watch session", { authorization: C, cookie: "watch" }, control),
  row("watch token as subprotocol", { subprotocolToken: "WATCH" }, [401, 401, "watch"]),
  row("control token as subprotocol", { subprotocolToken: "CONTROL" }, [401, 401, "control"]),
  row("wrong token as subprotocol", { subprotocolToken: "nonsense" }, unauthenticated),
  row(
    "wrong subprotocol token beside a right session",
    { subprotocolToken: "nonsense", cookie: "control" },
    [200, 202, 4401],
  ),
  row(
    "wrong bearer beside a right subprotocol token",
    { authorization: "Bearer no", subprotocolToken: "WATCH" },
    unauthenticated,
  ),
  row("right bearer beside a wrong subprotocol token", { authorization: W, subprotocolToken: "no" }, watch),
  row("token in the query", { query: "?token=CONTROL" }, unauthenticated),
  row("token in the query beside a right bearer", { query: "?token=CONTROL", authorization: C }, unauthenticated),
  row("access_token in the query", { query: "?access_token=WATCH", authorization: W }, unauthenticated),
  row("escaped token in the query", { query: "?%74oken=CONTROL", cookie: "control" }, unauthenticated),
  row("another query", { query: "?tokens=1", authorization: W }, watch),
  // under which name
  row("localhost", { host: "localhost:{port}", authorization: W }, watch),
  row("LOCALHOST", { host: "LOCALHOST:{port}", authorization: W }, watch),
  row("IPv6 loopback", { host: "[::1]:{port}", authorization: W }, watch),
  row("no port", { host: "127.0.0.1", authorization: C }, misdirected),
  row("another port", { host: "127.0.0.1:1", authorization: C }, misdirected),
  row("port with a zero before", { host: "127.0.0.1:0{port}", authorization: C }, misdirected),
  row("a foreign name, as DNS rebinding has it", { host: "evil.example:{port}", authorization: C }, misdirected),
  row("a foreign name without credentials", { host: "evil.example:{port}" }, misdirected),
  row("a name that begins with ours", { host: "localhost.evil.example:{port}", authorization: C }, misdirected),
  row("a name that ends with ours", { host: "evil-localhost:{port}", authorization: C }, misdirected),
  row("a trailing dot", { host: "localhost.:{port}", authorization: C }, misdirected),
  row("short IPv4", { host: "127.1:{port}", authorization: C }, misdirected),
  row("decimal IPv4", { host: "2130706433:{port}", authorization: C }, misdirected),
  row("another loopback address", { host: "127.0.0.2:{port}", authorization: C }, misdirected),
  row("the unspecified address", { host: "0.0.0.0:{port}", authorization: C }, misdirected),
  row("long IPv6 loopback", { host: "[0:0:0:0:0:0:0:1]:{port}", authorization: C }, misdirected),
  row("user info in Host", { host: "x@127.0.0.1:{port}", authorization: C }, misdirected),
  row("two hosts in one header", { host: "127.0.0.1:{port}, evil.example", authorization: C }, misdirected),
  row("a path in Host", { host: "127.0.0.1:{port}/x", authorization: C }, misdirected),
  // from which page
  row("own origin", { origin: "http://{host}", cookie: "control" }, control),
  row("own origin without credentials", { origin: "http://{host}" }, unauthenticated),
  row(
    "own origin under another name",
    { host: "localhost:{port}", origin: "http://localhost:{port}", cookie: "watch" },
    watch,
  ),
  row("origin of the other loopback name", { origin: "http://localhost:{port}", cookie: "control" }, foreign),
  row("null origin", { origin: "null", cookie: "control" }, foreign),
  row("null origin with a bearer", { origin: "null", authorization: C }, foreign),
  row("empty origin", { origin: "", authorization: C }, foreign),
  row("foreign origin", { origin: "https://evil.example", cookie: "control" }, foreign),
  row("foreign origin with a bearer", { origin: "https://evil.example", authorization: C }, foreign),
  row("foreign origin with a wrong bearer", { origin: "https://evil.example", authorization: "Bearer no" }, foreign),
  row("own host over https", { origin: "https://{host}", cookie: "control" }, foreign),
  row("own host on another port", { origin: "http://127.0.0.1:1", cookie: "control" }, foreign),
  row("own host without a port", { origin: "http://127.0.0.1", cookie: "control" }, foreign),
  row("own origin with a slash", { origin: "http://{host}/", cookie: "control" }, foreign),
  row("own origin in capitals", { origin: "HTTP://@", cookie: "control" }, foreign),
  row("own origin with user info", { origin: "http://x@{host}", cookie: "control" }, foreign),
  row("a prefix of our origin", { origin: "http://{host}.evil.example", cookie: "control" }, foreign),
  row("two origins", { origin: "http://{host} https://evil.example", cookie: "control" }, foreign),
  row("a file's origin", { origin: "file://", cookie: "control" }, foreign),
  row(
    "foreign host and its own origin",
    { host: "evil.example:{port}", origin: "http://evil.example:{port}", cookie: "control" },
    misdirected,
  ),
  row(
    "own origin, said to be cross-site",
    { origin: "http://{host}", fetchSite: "cross-site", cookie: "control" },
    foreign,
  ),
  row("same site, another port", { fetchSite: "same-site", fetchMode: "no-cors", cookie: "control" }, foreign),
  row("cross-site image", { fetchSite: "cross-site", fetchMode: "no-cors", cookie: "control" }, foreign),
  row("same origin as the browser says", { fetchSite: "same-origin", fetchMode: "cors", cookie: "control" }, control),
  row("typed into the address bar", { fetchSite: "none", fetchMode: "navigate", cookie: "watch" }, watch),
];
