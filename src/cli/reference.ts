// docs/reference/cli.md, made from the verbs: what the executable says of itself and what the page says cannot differ.
import { SETTINGS, type Setting } from "../app/index.ts"
import { exitsOf, optionText, usageOf } from "./help.ts"
import { EXIT_CODES, type Verb } from "./verb.ts"
import { shownVerbs } from "./verbs.ts"

const cell = (text: string): string => text.replaceAll("|", "\\|")
const code = (text: string): string => `\`${cell(text)}\``

export function cliReference(): string {
  return [
    "# Commands and settings",
    "",
    "<!-- Made from the commands themselves by `bun test/tools/cli-reference.ts`. -->",
    "",
    "`purser help COMMAND` says the same on the machine where you need it. `purser completion bash` (zsh, fish) completes commands in your shell.",
    "",
    "| command | |",
    "|---|---|",
    ...shownVerbs().map((verb) => `| [\`purser ${cell(usageOf(verb))}\`](#${anchor(verb)}) | ${cell(verb.help)} |`),
    "",
    "## Exit codes",
    "",
    "| code | |",
    "|---|---|",
    ...Object.entries(EXIT_CODES).map(([number, text]) => `| ${number} | ${cell(text)} |`),
    "",
    "## Settings",
    "",
    "Each can be a flag, an environment variable, or a file that holds the value: `NAME_FILE` names it. A flag wins over the environment, the environment over a file. `purser config` prints what is in force and where it comes from.",
    "",
    "| flag | environment | | default |",
    "|---|---|---|---|",
    ...Object.values(SETTINGS).map(settingRow),
    "",
    ...shownVerbs().flatMap(section),
  ].join("\n")
}

const anchor = (verb: Verb): string => `purser-${verb.words.replaceAll(" ", "-")}`

const settingRow = ({ flag, env, help, fallback }: Setting): string =>
  `| ${flag ? code(`--${flag}`) : ""} | ${code(env)} | ${cell(help)} | ${fallback ? code(fallback) : ""} |`

function section(verb: Verb): string[] {
  const options = (verb.options ?? []).map((one) => `| ${code(optionText(one))} | ${cell(one.help)} |`)
  return [
    `## purser ${verb.words}`,
    "",
    ...(verb.operands ? [`\`purser ${usageOf(verb)}\``, ""] : []),
    ...verb.about.flatMap((paragraph) => [paragraph, ""]),
    ...(options.length > 0 ? ["| option | |", "|---|---|", ...options, ""] : []),
    "```sh",
    ...verb.examples.flatMap(({ run, does }) => [`# ${does}`, `purser ${run}`]),
    "```",
    "",
    ...exitsOf(verb).map(([number, text]) => `- exit code ${number}: ${text}`),
    "",
  ]
}
