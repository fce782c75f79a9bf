/** Shell completion scripts, to be loaded by the user's shell. */
import { LOG_LEVELS, optionFlags, SHELLS, type Shell } from "./arguments.js";

function bash(flags: readonly string[]): string {
  return `# flockdeck completion for bash: source <(flockdeck --completion bash)
_flockdeck() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  case "$previous" in
    --log-level) COMPREPLY=($(compgen -W "${LOG_LEVELS.join(" ")}" -- "$current")); return ;;
    --completion) COMPREPLY=($(compgen -W "${SHELLS.join(" ")}" -- "$current")); return ;;
    --publish|--model|--timeout|--host|--port|--allow-host|--watch-token|--control-token|--max-viewers) return ;;
  esac
  if [[ "$current" == -* ]]; then
    COMPREPLY=($(compgen -W "${flags.join(" ")}" -- "$current"))
  else
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -f -- "$current" | grep -E '\\.ya?ml$') $(compgen -d -- "$current"))
  fi
}
complete -F _flockdeck flockdeck
`;
}

function zsh(flags: readonly string[]): string {
  const valued: Readonly<Record<string, string>> = {
    "--log-level": `level:(${LOG_LEVELS.join(" ")})`,
    "--completion": `shell:(${SHELLS.join(" ")})`,
    "--publish": "Type=payload:",
    "--model": "PROVIDER/MODEL:",
    "--timeout": "seconds:",
    "--host": "host:_hosts",
    "--port": "port:",
    "--allow-host": "host:_hosts",
    "--watch-token": "token:",
    "--control-token": "token:",
    "--max-viewers": "number:",
  };
  const specs = flags.map((flag) => {
    const repeat = flag === "--publish" || flag === "--allow-host" ? "*" : "";
    return `  '${repeat}${flag}${valued[flag] === undefined ? "" : `:${valued[flag]}`}'`;
  });
  return `#compdef flockdeck
# flockdeck completion for zsh: flockdeck --completion zsh > "\${fpath[1]}/_flockdeck"
_arguments \\
${specs.join(" \\\n")} \\
  '*:flock file:_files -g "*.(yaml|yml)"'
`;
}

function fish(flags: readonly string[]): string {
  const values: Readonly<Record<string, string>> = {
    "--log-level": ` -x -a "${LOG_LEVELS.join(" ")}"`,
    "--completion": ` -x -a "${SHELLS.join(" ")}"`,
  };
  const valued = [
    ...["--publish", "--model", "--timeout", "--host", "--port", "--allow-host"],
    ...["--watch-token", "--control-token", "--max-viewers"],
  ];
  const lines = flags.map((flag) => {
    const rest = values[flag] ?? (valued.includes(flag) ? " -x" : "");
    return `complete -c flockdeck -l ${flag.slice(2)}${rest}`;
  });
  return `# flockdeck completion for fish: flockdeck --completion fish > ~/.config/fish/completions/flockdeck.fish
${lines.join("\n")}
complete -c flockdeck -k -a "(__fish_complete_suffix .yaml; __fish_complete_suffix .yml)"
`;
}

export function completionScript(shell: Shell): string {
  const flags = optionFlags();
  return { bash, zsh, fish }[shell](flags);
}
