/** At most 24 lines of 80 columns. */
export const HELP = `flockdeck: run a flock of LLM agents and watch every one of them stream

  flockdeck [FILE]              open the window (default: the bundled example)
  flockdeck --cli FILE          run once, here in the terminal
  flockdeck --serve FILE        serve WebSocket, SSE and REST
  flockdeck --validate FILE     tell every fault of a flock file

With --cli:
  --publish 'Type={json}'       the input, or Type=@file.json; may be repeated.
                                Default: the flock file's publish: sample
  --json                        print the protocol, one message a line
  --model PROVIDER/MODEL        for every agent (also with --serve)
  --timeout SECONDS             stop by then
With --serve:
  --dashboard                   serve the viewer for browsers too
  --host 127.0.0.1 --port 8344  where to listen; --port 0 takes a free one
  --allow-host NAME[:PORT]      answer to this name too, as of a tunnel
  --watch-token T, --control-token T   else from FLOCKDECK_WATCH_TOKEN and
                                FLOCKDECK_CONTROL_TOKEN, else new and printed
  --max-viewers 64   --json     the first line tells url and tokens
Any: --log-level LEVEL   --version   --help   --completion bash|zsh|fish
Exit: 0 done, 1 a workflow failed or timed out, 2 wrong usage or an invalid
file, 130 interrupted. More: docs/cli.md and docs/flock-files.md
`;
