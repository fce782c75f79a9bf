/** Everything that setting up has to tell goes to standard error: standard output belongs to the program. */
export function say(line) {
  process.stderr.write(`flockdeck: ${line}\n`);
}

/**
 * Tells that a long step runs, every few seconds how long already, and at the end how long it took.
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} step
 * @returns {Promise<T>}
 */
export async function withProgress(what, step) {
  const start = Date.now();
  const seconds = () => `${Math.round((Date.now() - start) / 1000)} s`;
  say(`${what} …`);
  const ticker = setInterval(() => say(`${what} … ${seconds()}`), 5000);
  try {
    const result = await step();
    say(`${what}: done in ${seconds()}`);
    return result;
  } finally {
    clearInterval(ticker);
  }
}
