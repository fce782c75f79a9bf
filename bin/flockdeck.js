#!/usr/bin/env node
// This file must parse on old Node versions too, so that they get a clear line: everything else is imported below.

// Until a command listens for itself.
["SIGINT", "SIGTERM"].forEach((signal) => {
  process.on(signal, () => {
    if (process.listenerCount(signal) === 1) process.exit(130);
  });
});

const needed = [20, 19];
const current = process.versions.node.split(".").map(Number);

if (current[0] < needed[0] || (current[0] === needed[0] && current[1] < needed[1])) {
  process.stderr.write(
    `flockdeck: Node ${process.versions.node} is too old. Install Node ${needed.join(".")} or later (nodejs.org) and start again.\n`,
  );
  process.exitCode = 1;
} else {
  import("../scripts/launch.mjs")
    .then((launch) => launch.main(process.argv.slice(2)))
    .then((code) => {
      process.exitCode = code;
    })
    .catch((error) => {
      process.stderr.write(`flockdeck: ${error && error.name === "SetupError" ? error.message : error.stack}\n`);
      process.exitCode = 1;
    });
}
