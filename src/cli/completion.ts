// `purser completion bash|zsh|fish`: a script for the shell that completes verbs, their options and the settings.
import { SETTINGS } from "../app/index.ts"
import { UsageError } from "./args.ts"
import type { Verb, VerbOption } from "./verb.ts"
import { shownVerbs } from "./verbs.ts"

export const completion: Verb = {
  words: "completion",
  help: "print completion for a shell (bash, zsh or fish)",
  about: [
    "Prints a script for bash, zsh or fish that completes commands, their options and the settings. It changes nothing by itself: load it from the file that your shell reads when it starts.",
  ],
  operands: "SHELL",
  examples: [
    {
      run: "completion bash > ~/.local/share/bash-completion/completions/purser",
      does: "for bash, from the next shell on",
    },
    { run: "completion zsh > ~/.zsh/completions/_purser", does: "for zsh, with that folder in fpath" },
    { run: "completion fish > ~/.config/fish/completions/purser.fish", does: "for fish" },
  ],
  async run({ words: [shell = ""] }) {
    const write = SHELLS[shell]
    if (!write) throw new UsageError(`there is no completion for "${shell}"; name bash, zsh or fish`)
    console.log(write())
    return 0
  },
}

interface Known {
  words: string
  help: string
  options: readonly VerbOption[]
}

const settings = (): string[] => Object.values(SETTINGS).flatMap(({ flag }) => (flag ? [`--${flag}`] : []))

const known = (): Known[] => [
  ...shownVerbs().map(({ words, help, options = [] }) => ({ words, help, options })),
  { words: "help", help: "explain a command", options: [] },
]

/** First words, then what may follow each: what every shell asks. */
function firsts(): Map<string, string[]> {
  const map = new Map<string, string[]>()
  for (const { words } of known()) {
    const [first = "", second] = words.split(" ")
    const rest = map.get(first) ?? []
    if (second !== undefined) rest.push(second)
    map.set(first, rest)
  }
  map.set(
    "help",
    [...map.keys()].filter((word) => word !== "help"),
  )
  map.set("completion", ["bash", "zsh", "fish"])
  return map
}

/** A line for each first word that others follow. */
const seconds = (line: (first: string, rest: string[]) => string): string[] =>
  Array.from(firsts()).flatMap(([first, rest]) => (rest.length > 0 ? [line(first, rest)] : []))

/** `case` branches that bash and zsh share: the options of the verb that stands on the line. */
const optionCases = (): string =>
  known()
    .filter(({ options }) => options.length > 0)
    .map(
      ({ words, options }) =>
        `    "${words}"|"${words} "*) own="${options.map(({ name }) => `--${name}`).join(" ")}" ;;`,
    )
    .join("\n")

const SHELLS: Readonly<Record<string, () => string>> = {
  bash: () => `# bash completion of purser
_purser() {
  local current="\${COMP_WORDS[COMP_CWORD]}" line="\${COMP_WORDS[*]:1:COMP_CWORD-1}" own="" next=""
  case "$line" in
    "") next="${[...firsts().keys()].join(" ")}" ;;
${seconds((first, rest) => `    "${first}") next="${rest.join(" ")}" ;;`).join("\n")}
  esac
  case "$line" in
${optionCases()}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$own ${settings().join(" ")} --help" -- "$current")) ;;
    *) COMPREPLY=($(compgen -W "$next" -- "$current")) ;;
  esac
}
complete -o default -F _purser purser`,
  zsh: () => `#compdef purser
_purser() {
  local line="\${words[2,CURRENT-1]}" own="" 
  local -a next
  case "$line" in
    "") next=(${[...firsts().keys()].join(" ")}) ;;
${seconds((first, rest) => `    "${first}") next=(${rest.join(" ")}) ;;`).join("\n")}
  esac
  case "$line" in
${optionCases()}
  esac
  if [[ "$PREFIX" == -* ]]; then
    compadd -- \${=own} ${settings().join(" ")} --help
  elif (( $#next )); then
    compadd -- $next
  else
    _files
  fi
}
compdef _purser purser`,
  fish: () =>
    [
      "# fish completion of purser",
      ...known().flatMap(fishVerb),
      ...seconds((first) => `complete -c purser -f -n __fish_use_subcommand -a ${first}`),
      ...ALONE.map(
        (first) =>
          `complete -c purser -f -n '__fish_seen_subcommand_from ${first}' -a '${firsts().get(first)!.join(" ")}'`,
      ),
      ...Object.values(SETTINGS).flatMap(({ flag, help }) =>
        flag ? [`complete -c purser -r -l ${flag} -d ${quoted(help)}`] : [],
      ),
      "complete -c purser -l help -d 'explain the command'",
    ].join("\n"),
}

/** Verbs of one word that another word follows all the same. */
const ALONE = ["help", "completion"]
const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`

function fishVerb({ words, help, options }: Known): string[] {
  const [first = "", second] = words.split(" ")
  const others = firsts().get(first) ?? []
  const here = second
    ? `__fish_seen_subcommand_from ${first}; and not __fish_seen_subcommand_from ${others.join(" ")}`
    : "__fish_use_subcommand"
  const within = second
    ? `__fish_seen_subcommand_from ${first}; and __fish_seen_subcommand_from ${second}`
    : `__fish_seen_subcommand_from ${first}`
  return [
    `complete -c purser -f -n '${here}' -a ${second ?? first} -d ${quoted(help)}`,
    ...options.map(
      ({ name, value, help: does }) =>
        `complete -c purser${value ? " -r" : ""} -n '${within}' -l ${name} -d ${quoted(does)}`,
    ),
  ]
}
