/**
 * Tokens of realistic text, four units each (the usual mean of English), cut from this project's own pages. Token `k`
 * of a stream is due at a known time, so whoever receives it knows its lag without a message beside it.
 */
export const TOKEN_UNITS = 4;

function tokenOf(corpus, stream, index) {
  const tokens = Math.floor(corpus.length / TOKEN_UNITS);
  const at = ((stream * 7919 + index) % tokens) * TOKEN_UNITS;
  return corpus.slice(at, at + TOKEN_UNITS);
}

/** When token `index` of a stream is due, in milliseconds since 1970. The streams are spread over one token's time. */
function dueAt({ start, rate, streams }, stream, index) {
  return start + ((index + 1 - stream / streams) * 1000) / rate;
}

/** Calls `onToken(stream, text)` at `rate` tokens a second for each of `streams` streams from `start` on. */
export function produce({ streams, rate, start, corpus, onToken, everyMs = 5 }) {
  const sent = new Array(streams).fill(0);
  const timer = setInterval(() => {
    const now = Date.now();
    for (let stream = 0; stream < streams; stream += 1) {
      const due = Math.floor(((now - start) * rate) / 1000 + stream / streams);
      for (; sent[stream] < due; sent[stream] += 1) onToken(stream, tokenOf(corpus, stream, sent[stream]));
    }
  }, everyMs);
  return { stop: () => clearInterval(timer), produced: () => sent.reduce((sum, each) => sum + each, 0) };
}

/** Lags in milliseconds of the whole tokens in `units` units of a stream that begin at `offset`. */
export function lags(load, stream, offset, units, now = Date.now()) {
  const found = [];
  const end = Math.floor((offset + units) / TOKEN_UNITS);
  for (let index = Math.ceil(offset / TOKEN_UNITS); index < end; index += 1)
    found.push(now - dueAt(load, stream, index));
  return found;
}
