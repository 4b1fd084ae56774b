// The verbs of the executable and how their failures become exit codes.
import { AppError, ConfigError, KeyringError } from "../app/index.ts"
import { ImportError } from "../ledger/index.ts"
import { ReplicaError } from "../replica/index.ts"
import { AlreadyRunningError, MigrationError, OpenError } from "../store/index.ts"
import { type Args, parseArgs, UsageError } from "./args.ts"
import { configVerb } from "./config.ts"
import { decodePicture } from "./decode-picture.ts"
import { demo } from "./demo.ts"
import { FileError } from "./files.ts"
import { healthcheck } from "./healthcheck.ts"
import { help } from "./help.ts"
import { ledgerExport } from "./ledger-export.ts"
import { ledgerImport } from "./ledger-import.ts"
import { ledgerVerify } from "./ledger-verify.ts"
import { ListenError, serve } from "./serve.ts"
import { setupLink } from "./setup-link.ts"
import { version } from "./version.ts"

export interface Verb {
  /** Words that call it, such as `ledger verify`. */
  words: string
  /** Empty: not for people, and not named to them. */
  help: string
  switches: string[]
  /** Words that may follow, such as a file; none by default. */
  wordsMax?: number
  /** @returns the exit code */
  run(args: Args): Promise<number>
}

export const VERBS: Verb[] = [
  serve,
  demo,
  setupLink,
  ledgerVerify,
  ledgerExport,
  ledgerImport,
  healthcheck,
  configVerb,
  version,
  decodePicture,
]

export async function runCli(argv: string[]): Promise<number> {
  try {
    if (argv.length === 0 || ["help", "--help", "-h"].includes(argv[0]!)) return help(VERBS)
    if (argv[0] === "--version") return await version.run(parseArgs([], []))
    const verb = VERBS.find(({ words }) => argv.slice(0, words.split(" ").length).join(" ") === words)
    if (!verb) throw new UsageError(`unknown command "${argv[0]}"; run "purser help"`)
    const args = parseArgs(argv.slice(verb.words.split(" ").length), verb.switches)
    // A forgotten `--` must not start a server with other settings than were meant.
    const stray = args.words[verb.wordsMax ?? 0]
    if (stray !== undefined)
      throw new UsageError(`"purser ${verb.words}" does not know what to do with "${stray}"; run "purser help"`)
    return await verb.run(args)
  } catch (error) {
    console.error(`purser: ${error instanceof Error ? error.message : error}`)
    return exitCodeOf(error)
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError || error instanceof ConfigError) return 2
  if (error instanceof AlreadyRunningError) return 3
  if (error instanceof MigrationError) return 4
  const isPlain = [OpenError, KeyringError, ListenError, ReplicaError, ImportError, FileError, AppError].some(
    (kind) => error instanceof kind,
  )
  if (!isPlain) console.error(error)
  return 1
}
