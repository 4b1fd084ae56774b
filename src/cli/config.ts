// `purser config`: the settings as the server would see them, secrets hidden.
import { readConfig, SETTINGS } from "../app/index.ts"
import type { Verb } from "./index.ts"

export const configVerb: Verb = {
  words: "config",
  help: "print the effective settings, secrets hidden",
  switches: [],
  async run(args) {
    const config = readConfig(args.flags, process.env)
    const secrets = new Set(Object.entries(SETTINGS).flatMap(([name, setting]) => ("secret" in setting ? [name] : [])))
    const shown = Object.entries(config).map(([name, value]) => [name, secrets.has(name) && value ? "(set)" : value])
    console.log(JSON.stringify(Object.fromEntries(shown), null, 2))
    return 0
  },
}
