// `purser version`: what this executable is made of.
import { assetFolder, VERSION } from "../app/index.ts"
import { loadMigrations } from "../store/index.ts"
import { JSON_OPTION, type Verb } from "./verb.ts"

export const version: Verb = {
  words: "version",
  help: "print the version",
  about: ["Prints the version of Purser and what it is built on. `--json` adds the newest schema that it knows."],
  options: [JSON_OPTION],
  examples: [
    { run: "version", does: "one line" },
    { run: "version --json | jq .schema", does: "the schema that a database has after an upgrade to this executable" },
  ],
  async run({ switches }) {
    const { sqlite = "" } = process.versions
    const platform = `${process.platform}-${process.arch}`
    const facts = { version: VERSION, bun: Bun.version, sqlite, platform, schema: newestSchema() }
    console.log(
      switches.has("json")
        ? JSON.stringify(facts, null, 2)
        : `purser ${VERSION} (bun ${Bun.version}, sqlite ${sqlite}, ${platform})`,
    )
    return 0
  },
}

const newestSchema = (): number => loadMigrations(assetFolder("migrations")).at(-1)?.number ?? 0
