// Command-line arguments: words, then --name value or --name=value, and bare --switches.
import type { VerbOption } from "./verb.ts"

export interface Args {
  words: string[]
  /** Settings of the server, by the name of their flag. */
  flags: Record<string, string>
  /** Options of the verb that have a value, by name. */
  options: Record<string, string>
  /** Options of the verb that have none. */
  switches: Set<string>
}

/** The command line is not right; exit code 2. */
export class UsageError extends Error {
  override name = "UsageError"
}

/** @param own the options of the verb; every other one is taken as a setting, and read as such */
export function parseArgs(argv: string[], own: readonly VerbOption[]): Args {
  const args: Args = { words: [], flags: {}, options: {}, switches: new Set() }
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index]!
    if (!word.startsWith("--")) {
      args.words.push(word)
      continue
    }
    const [name, inline] = split(word.slice(2))
    const option = own.find((one) => one.name === name)
    if (option && option.value === undefined) {
      if (inline !== undefined) throw new UsageError(`--${name} takes no value`)
      args.switches.add(name)
    } else {
      const value = inline ?? argv[++index]
      if (value === undefined) throw new UsageError(`--${name} needs a value`)
      const into = option ? args.options : args.flags
      if (into[name] !== undefined) throw new UsageError(`--${name} is given twice`)
      into[name] = value
    }
  }
  return args
}

function split(option: string): [string, string | undefined] {
  const at = option.indexOf("=")
  return at < 0 ? [option, undefined] : [option.slice(0, at), option.slice(at + 1)]
}
