// `purser help`: every verb and every setting on one screen.
import { SETTINGS } from "../app/index.ts"
import type { Verb } from "./index.ts"

export function help(verbs: Verb[]): number {
  const width = 18
  const lines = [
    "Purser: login, one credit balance per person and an OpenAI-compatible gateway, in one executable.",
    "",
    "Usage: purser <command> [options]",
    "",
    ...verbs.filter((verb) => verb.help !== "").map((verb) => `  ${verb.words.padEnd(width)}${verb.help}`),
    `  ${"help".padEnd(width)}this page`,
    "",
    "Options (or environment; NAME_FILE reads the value from a file):",
    "",
    ...Object.values(SETTINGS).map(({ flag, env, help: text, fallback }) => {
      const option = flag ? `--${flag}` : ""
      return `  ${option.padEnd(width)}${env.padEnd(24)}${text}${fallback ? ` (${fallback})` : ""}`
    }),
  ]
  console.log(lines.join("\n"))
  return 0
}
