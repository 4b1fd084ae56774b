// Command-line arguments: words, then --name value or --name=value, and bare --switches.

export interface Args {
  words: string[]
  /** Options with a value, by name. */
  flags: Record<string, string>
  switches: Set<string>
}

/** The command line is not right; exit code 2. */
export class UsageError extends Error {
  override name = "UsageError"
}

/** @param switchNames options that take no value */
export function parseArgs(argv: string[], switchNames: string[]): Args {
  const args: Args = { words: [], flags: {}, switches: new Set() }
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index]!
    if (!word.startsWith("--")) {
      args.words.push(word)
      continue
    }
    const [name, inline] = split(word.slice(2))
    if (switchNames.includes(name) && inline === undefined) args.switches.add(name)
    else {
      const value = inline ?? argv[++index]
      if (value === undefined) throw new UsageError(`--${name} needs a value`)
      if (args.flags[name] !== undefined) throw new UsageError(`--${name} is given twice`)
      args.flags[name] = value
    }
  }
  return args
}

function split(option: string): [string, string | undefined] {
  const at = option.indexOf("=")
  return at < 0 ? [option, undefined] : [option.slice(0, at), option.slice(at + 1)]
}
