/**
 * The page that a browser without a session gets: it exchanges the token of the link's fragment, or one that is typed,
 * for the session cookie, takes the fragment out of the address and the history, and opens the viewer.
 */
export const LOGIN_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Flockdeck</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/login.css">
</head>
<body>
<main>
<h1>Flockdeck</h1>
<p id="status" role="status">Opening…</p>
<form id="form" hidden>
<label for="token">Token</label>
<input id="token" type="password" autocomplete="off" spellcheck="false" required>
<button type="submit">Open</button>
</form>
</main>
<noscript><p>The viewer needs JavaScript.</p></noscript>
<script src="/login.js" type="module"></script>
</body>
</html>
`;

export const LOGIN_STYLE = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; }
main { width: min(24rem, calc(100vw - 3rem)); }
h1 { font-size: 1.25rem; margin: 0 0 .5rem; }
form:not([hidden]) { display: grid; gap: .5rem; margin-top: 1rem; }
input, button { font: inherit; padding: .5rem .75rem; border-radius: .375rem; border: 1px solid GrayText; }
button { cursor: pointer; }
`;

export const LOGIN_SCRIPT = `const status = document.getElementById("status");
const form = document.getElementById("form");
const input = document.getElementById("token");

function ask(text) {
  status.textContent = text;
  form.hidden = false;
  input.focus();
}

async function open(token) {
  let answer;
  try {
    answer = await fetch("/session", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ token }),
    });
  } catch {
    ask("The server does not answer. Check that it still runs, then try again.");
    return;
  }
  if (answer.ok) {
    location.replace("/");
    return;
  }
  const problem = await answer.json().catch(() => ({}));
  ask(problem.code === "unauthenticated" ? "This link is not valid any more. Ask for a new one, or enter its token." : problem.detail ?? "The server refused this.");
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const typed = input.value.trim();
  const at = typed.indexOf("#token=");
  open(at < 0 ? typed : decodeURIComponent(typed.slice(at + 7)));
});

const token = new URLSearchParams(location.hash.slice(1)).get("token");
history.replaceState(null, "", "/");
if (token) {
  open(token);
} else {
  const answer = await fetch("/api/v1/agents").catch(() => null);
  if (answer?.ok) location.replace("/");
  else ask("Open the link that you were given, or enter its token.");
}
`;
