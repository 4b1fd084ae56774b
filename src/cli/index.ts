// argv → verb → exit code. `--help` anywhere explains the verb instead of running it.
import { AppError, ConfigError, KeyringError, nearest } from "../app/index.ts"
import { BackupError } from "../backup/index.ts"
import { ListenError } from "../http/index.ts"
import { ImportError } from "../ledger/index.ts"
import { RemoteError, ReplacedError, ReplicaError } from "../replica/index.ts"
import {
  AlreadyRunningError,
  ControlError,
  MigrationError,
  OpenError,
  PutBackError,
  UpgradeError,
} from "../store/index.ts"
import { CertificateError } from "../tls/index.ts"
import { parseArgs, UsageError } from "./args.ts"
import { FileError } from "./files.ts"
import { help, helpOf } from "./help.ts"
import { missingOperand, operandsMax, type Verb } from "./verb.ts"
import { verbs } from "./verbs.ts"

const HELP = ["--help", "-h"]

export async function runCli(argv: string[]): Promise<number> {
  try {
    if (argv[0] === "--version") return await runCli(["version", ...argv.slice(1)])
    const words = argv.filter((word) => !HELP.includes(word))
    if (words[0] === "help") return explain(words.slice(1))
    const verb = verbOf(words)
    if (words.length < argv.length && verb?.help !== "") return explain(words)
    if (argv.length === 0) return explain([])
    if (!verb) throw unknown(words)
    return await verb.run(argsOf(verb, argv))
  } catch (error) {
    console.error(`purser: ${error instanceof Error ? error.message : error}`)
    return exitCodeOf(error)
  }
}

const startsWith = (argv: readonly string[], words: string): boolean =>
  argv.slice(0, words.split(" ").length).join(" ") === words

/** The one with the most words: `migrate back` before `migrate`. */
const verbOf = (argv: readonly string[]): Verb | undefined =>
  verbs()
    .filter(({ words }) => startsWith(argv, words))
    .toSorted((a, b) => b.words.length - a.words.length)[0]

function explain(argv: readonly string[]): number {
  const words = argv.filter((word) => !word.startsWith("-"))
  const verb = verbOf(words)
  if (words.length > 0 && !verb && membersOf(words[0]!).length === 0) throw unknown(words)
  console.log(verb ? helpOf(verb) : help(words[0]))
  return 0
}

/** `ledger` alone is the first word of several. */
const membersOf = (word: string): readonly Verb[] =>
  verbs().filter(({ words, help }) => help !== "" && words.startsWith(`${word} `))

function unknown(argv: readonly string[]): UsageError {
  const [word = "", next] = argv
  const rest = membersOf(word).map(({ words }) => words.slice(word.length + 1))
  if (rest.length === 0) {
    const meant = nearest(word, [...new Set(verbs().flatMap(({ words }) => words.split(" ")[0]!))])
    return new UsageError(`unknown command "${word}"; ${meant ? `did you mean "${meant}"? R` : "r"}un "purser help"`)
  }
  const given = next === undefined ? `"purser ${word}" needs one more word` : `"purser ${word}" does not know "${next}"`
  return new UsageError(`${given}: ${rest.join(", ")}`)
}

function argsOf(verb: Verb, argv: string[]) {
  const args = parseArgs(argv.slice(verb.words.split(" ").length), verb.options ?? [])
  // A forgotten `--` must not start a server with other settings than were meant.
  const stray = args.words[operandsMax(verb)]
  const more = `run "purser ${verb.words} --help"`
  if (stray !== undefined)
    throw new UsageError(`"purser ${verb.words}" does not know what to do with "${stray}"; ${more}`)
  const missing = missingOperand(verb, args.words)
  if (missing) throw new UsageError(`"purser ${verb.words}" needs ${missing}; ${more}`)
  return args
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError || error instanceof ConfigError) return 2
  if (error instanceof AlreadyRunningError) return 3
  if (error instanceof MigrationError) return 4
  if (error instanceof ReplacedError) return 5
  const isPlain = [
    OpenError,
    ControlError,
    UpgradeError,
    PutBackError,
    KeyringError,
    ListenError,
    ReplicaError,
    RemoteError,
    BackupError,
    ImportError,
    FileError,
    CertificateError,
    AppError,
  ].some((kind) => error instanceof kind)
  if (!isPlain) console.error(error)
  return 1
}
