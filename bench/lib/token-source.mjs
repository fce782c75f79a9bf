/**
 * Tokens that tell when they were produced: each is 6 units, the milliseconds since `start` in base 36, padded, and a
 * space. Whoever receives one knows its lag without a message beside it.
 */
export const TOKEN_UNITS = 6;

export function token(ms) {
  return `${Math.max(0, Math.round(ms))
    .toString(36)
    .padStart(TOKEN_UNITS - 1, "0")} `;
}

/** Calls `onToken(streamIndex, text)` at `rate` tokens a second for each of `streams` streams, paced by elapsed time. */
export function produce({ streams, rate, start, onToken, everyMs = 5 }) {
  const began = performance.now();
  const sent = new Array(streams).fill(0);
  const timer = setInterval(() => {
    const elapsed = performance.now() - began;
    const text = token(Date.now() - start);
    for (let stream = 0; stream < streams; stream += 1) {
      const due = Math.floor(((elapsed + (stream * 1000) / (rate * streams)) * rate) / 1000);
      for (; sent[stream] < due; sent[stream] += 1) onToken(stream, text);
    }
  }, everyMs);
  return { stop: () => clearInterval(timer), produced: () => sent.reduce((sum, each) => sum + each, 0) };
}

/** Lags in milliseconds of the whole tokens in `text`. */
export function lags(text, start, now = Date.now()) {
  const found = [];
  for (let at = 0; at + TOKEN_UNITS <= text.length; at += TOKEN_UNITS) {
    found.push(now - start - Number.parseInt(text.slice(at, at + TOKEN_UNITS - 1), 36));
  }
  return found;
}
