"use strict";
// The packaged app runs its command line by this file, as plain Node inside its own executable.
// Until a command listens for itself.
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    if (process.listenerCount(signal) === 1) process.exit(130);
  });
}

require("../out/cli/index.cjs")
  .main(process.argv.slice(2))
  .then(
    (code) => {
      process.exitCode = code;
    },
    (error) => {
      process.stderr.write(`flockdeck: ${error.stack}\n`);
      process.exitCode = 1;
    },
  );
