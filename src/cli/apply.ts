// `purser apply FILE`: how a house is set up, from one file; `--export` writes the present state. Through the running server, or by the lock.
import { existsSync } from "node:fs"
import { readConfig } from "../app/index.ts"
import { type SetupChange, secretNames } from "../sites/admin/index.ts"
import { UsageError } from "./args.ts"
import { writeWhole } from "./files.ts"
import { JSON_OPTION, type Verb } from "./verb.ts"
import { askPurser } from "./with-app.ts"

export const applySetup: Verb = {
  words: "apply",
  help: "set up a house from one file, or write its set-up into one",
  about: [
    "Reads a YAML file with settings, upstreams, prices, price rules, models, plans, packages, coupons, limits and admins, and makes them so. Only what the file names is touched; the same file again changes nothing; a file that is refused anywhere changes nothing at all.",
    "Keys of providers stand in the file as names of the environment (`key: { env: OPENAI_API_KEY }`), and are read where this command runs.",
    "With `--export` it writes the present state as such a file, without any key.",
  ],
  operands: "[FILE]",
  options: [
    { name: "dry-run", help: "say what would be changed, and change nothing" },
    { name: "export", help: "write the present state" },
    { name: "out", value: "FILE", help: "with --export: into this file instead of the terminal" },
    JSON_OPTION,
  ],
  examples: [
    { run: "apply purser.yaml --dry-run", does: "what would be changed" },
    { run: "apply purser.yaml", does: "changes it" },
    { run: "apply --export --out purser.yaml", does: "the present state, to be kept in version control" },
  ],
  exits: { 1: "the file was refused, each objection in a line; nothing was changed" },
  async run({ flags, options, switches, words: [path] }) {
    const config = readConfig(flags, process.env)
    if (switches.has("export") === (path !== undefined))
      throw new UsageError("give a file to apply, or --export to write one")
    if (path === undefined) {
      const { result } = await askPurser(config, "setup-export")
      if (options.out === undefined) console.log(String(result).trimEnd())
      else {
        writeWhole(options.out, [String(result)])
        console.log(`${options.out} says how this Purser is set up.`)
      }
      return 0
    }
    if (path !== "-" && !existsSync(path)) throw new UsageError(`there is no file ${path}`)
    const text = await (path === "-" ? Bun.stdin : Bun.file(path)).text()
    const isDry = switches.has("dry-run")
    const secrets = Object.fromEntries(
      secretNames(text).flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
    )
    const { result } = await askPurser(config, "setup-apply", { text, secrets, isDry })
    const changes = result as SetupChange[]
    if (switches.has("json")) console.log(JSON.stringify(changes, null, 2))
    else console.log(reportOf(changes, isDry))
    return 0
  },
}

function reportOf(changes: readonly SetupChange[], isDry: boolean): string {
  if (changes.length === 0) return "It is so already. Nothing was changed."
  const lines = changes.flatMap(({ kind, entry, act, fields }) => [
    `${kind}: ${entry} (${act})`,
    ...fields.map(({ field, before, after }) =>
      before === null ? `  ${field}: ${after || "none"}` : `  ${field}: ${before || "none"} → ${after || "none"}`,
    ),
  ])
  const count = `${changes.length} ${changes.length === 1 ? "entry" : "entries"}`
  return [...lines, isDry ? `${count} would be changed. Nothing was.` : `${count} changed.`].join("\n")
}
