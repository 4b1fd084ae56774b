// What `purser help` and `--help` say: every verb and setting on one screen, or one verb in full.
import { SETTINGS, type Setting } from "../app/index.ts"
import { EXIT_CODES, type Verb, type VerbOption } from "./verb.ts"
import { shownVerbs } from "./verbs.ts"

const LINE = 100
const NAME = 20

/** Two columns; a name too long for its own has its text on the next line. */
export function columns(rows: readonly (readonly [string, string])[], width: number): string[] {
  return rows.map(([name, text]) =>
    name.length < width ? `  ${name.padEnd(width)}${text}` : `  ${name}\n  ${" ".repeat(width)}${text}`,
  )
}

/** Breaks a paragraph at spaces. */
export function wrapped(text: string, width = LINE): string {
  const lines = [""]
  for (const word of text.split(" ")) {
    const line = lines.at(-1)!
    if (line !== "" && line.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`
  }
  return lines.join("\n")
}

/** @param group only the verbs that begin with this word */
export function help(group?: string): string {
  const shown = shownVerbs().filter(({ words }) => group === undefined || words.startsWith(`${group} `))
  const rows = shown.map((verb) => [usageOf(verb), verb.help] as const)
  const width = Math.max(NAME, ...rows.map(([usage]) => usage.length + 2))
  const list = columns(rows, width)
  const more = 'Run "purser help COMMAND" for what it does, an example and its exit codes.'
  if (group !== undefined) return [`purser ${group}:`, "", ...list, "", more].join("\n")
  return [
    "Purser: login, one credit balance per person and an OpenAI-compatible gateway, in one executable.",
    "",
    "Usage: purser <command> [options]",
    "",
    ...list,
    ...columns([["help [COMMAND]", "this page, or a command in full"]], width),
    "",
    more,
    "",
    "Settings (or environment; NAME_FILE reads the value from a file):",
    "",
    ...settingLines(Object.values(SETTINGS)),
  ].join("\n")
}

const flagOf = ({ flag }: Setting): string => (flag ? `--${flag}` : "")

/** Three columns, each as wide as its longest name. */
function settingLines(settings: readonly Setting[]): string[] {
  const widthOf = (nameOf: (setting: Setting) => string) => Math.max(...settings.map((one) => nameOf(one).length)) + 2
  const [flags, variables] = [widthOf(flagOf), widthOf(({ env }) => env)]
  return settings.map((one) => {
    const text = `${one.help}${one.fallback ? ` (${one.fallback})` : ""}`
    return `  ${flagOf(one).padEnd(flags)}${one.env.padEnd(variables)}${text}`
  })
}

export const usageOf = (verb: Verb): string => [verb.words, verb.operands].filter(Boolean).join(" ")
export const optionText = ({ name, value }: VerbOption): string => `--${name}${value ? ` ${value}` : ""}`

/** Every exit code that this verb can answer, with what it means here. */
export const exitsOf = (verb: Verb): [number, string][] =>
  Object.entries({ 0: EXIT_CODES[0], 2: EXIT_CODES[2], ...verb.exits }).map(([code, text]) => [Number(code), text])

export function helpOf(verb: Verb): string {
  const options = verb.options ?? []
  const usage = [`purser ${usageOf(verb)}`, ...options.map((one) => `[${optionText(one)}]`), "[settings]"]
  const titled = (title: string, lines: readonly string[]) => (lines.length > 0 ? ["", title, "", ...lines] : [])
  const rows = options.map((one) => [optionText(one), one.help] as const)
  return [
    `purser ${verb.words}: ${verb.help}`,
    "",
    `Usage: ${usage.join(" ")}`,
    ...verb.about.flatMap((paragraph) => ["", wrapped(paragraph)]),
    ...titled("Options:", columns(rows, NAME)),
    ...titled(
      "Examples:",
      verb.examples.flatMap(({ run, does }) => [`  purser ${run}`, `      ${does}`]),
    ),
    ...titled(
      "Exit codes:",
      columns(
        exitsOf(verb).map(([code, text]) => [String(code), text]),
        4,
      ),
    ),
    "",
    'Settings are flags or environment variables; "purser help" lists them.',
  ].join("\n")
}
