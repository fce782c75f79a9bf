"use strict";
// The packaged app runs its command line by this file, as plain Node inside its own executable.
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
