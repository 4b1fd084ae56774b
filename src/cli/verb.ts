// Verb: what a command is, so that help, completion, the reference page and the check of arguments come from one declaration.
import type { Args } from "./args.ts"

/** An option of one verb; `value` names what follows it, none = a switch. */
export interface VerbOption {
  name: string
  value?: string
  help: string
}

/** 0 is always "done"; what the others mean for everybody stands in `EXIT_CODES`. */
export type ExitCode = 1 | 2 | 3 | 4 | 5

export interface Verb {
  /** Words that call it, such as `ledger verify`. */
  words: string
  /** In one line; empty: not for people, and not named to them. */
  help: string
  /** What it does, what it needs, what it changes. Paragraphs of plain sentences. */
  about: readonly string[]
  /** What follows the words, such as `FILE`, or `[FILE]` where it may be left out. */
  operands?: string
  options?: readonly VerbOption[]
  /** A command line without the name of the executable, and what it does. */
  examples: readonly { run: string; does: string }[]
  /** What a code means here, where it says more than it does everywhere. */
  exits?: Partial<Record<ExitCode, string>>
  /** @returns the exit code */
  run(args: Args): Promise<number>
}

export const EXIT_CODES: Readonly<Record<0 | ExitCode, string>> = {
  0: "done",
  1: "it could not be done, or what was looked at is not well; the message says why",
  2: "the command line or a setting is not right; nothing was done",
  3: "another Purser is running on this data folder",
  4: "the database was written by a newer Purser, or by another history of migrations",
  5: "another server has taken over: this data is out of date",
}

/** `--json` of verbs whose answer scripts read. */
export const JSON_OPTION: VerbOption = { name: "json", help: "answer in JSON" }

const operandsOf = ({ operands = "" }: Verb): string[] => operands.split(" ").filter(Boolean)
export const operandsMax = (verb: Verb): number => operandsOf(verb).length
export const missingOperand = (verb: Verb, given: readonly string[]): string | undefined =>
  operandsOf(verb)
    .slice(given.length)
    .find((operand) => !operand.startsWith("["))
