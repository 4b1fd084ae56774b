// `purser migrate back`: the database as it was before the last upgrade, proved before it is put in place. Deletes nothing.
import { existsSync } from "node:fs"
import { dirname, join } from "node:path"
import { readConfig, systemClock } from "../app/index.ts"
import { tryFile } from "../backup/index.ts"
import { lockFolder, OpenError, putBack, readSchema, type Schema, type Snapshot, snapshotsOf } from "../store/index.ts"
import { UsageError } from "./args.ts"
import { moment } from "./migrate.ts"
import type { Verb } from "./verb.ts"

export const migrateBack: Verb = {
  words: "migrate back",
  help: "put the copy from before the last upgrade back in place",
  about: [
    "Stop the server first. Takes the newest copy of `snapshots/` (or the one named by --to), proves it (every page, the books, the key), and puts it in the place of the database. What stood there is kept beside it as `purser.db.set-aside-…`.",
    "What was written since the copy is not in it. If people, charges, transactions or acts (a suspension, a changed password, a revoked key) would be missing, it says how many and does nothing until --yes is given. Then everybody has to sign in again: what was signed out or revoked since would be alive again.",
    "Afterwards start the executable from before the upgrade: a newer one would upgrade again.",
  ],
  options: [
    { name: "to", value: "FILE", help: "this copy instead of the newest" },
    { name: "yes", help: "also when something that was written since is not in the copy" },
  ],
  examples: [
    { run: "migrate back --data-dir /var/lib/purser", does: "right after an upgrade that went wrong" },
    { run: "migrate back --yes", does: "although people used it since" },
  ],
  exits: {
    1: "there is no copy, or it does not prove; nothing was changed",
    2: "something would be missing and --yes was not given; nothing was changed",
    3: "a server runs on this data folder: stop it first",
  },
  async run({ flags, options, switches }) {
    const config = readConfig(flags, process.env)
    const { dataDir } = config
    const path = join(dataDir, "purser.db")
    if (!existsSync(path)) throw new OpenError(`there is no database in ${dataDir}; check --data-dir`)
    const lock = lockFolder(dataDir)
    try {
      const copy = options.to ?? newest(path).path
      const [now, then] = [readSchema(path), readSchema(copy)]
      const missing = missingFrom(now, then)
      if (missing.length > 0 && !switches.has("yes"))
        throw new UsageError(
          `the copy is of ${moment(then.lastCommitMs)}; written since and not in it: ${missing.join(", ")}. ` +
            "Add --yes to go back all the same; what stands there now is kept beside it",
        )
      await tryFile({ config, file: copy })
      const aside = putBack(path, copy, systemClock.now(), { signIns: missing.length > 0 })
      console.log(doneText(copy, then, aside, missing))
      return 0
    } finally {
      lock.release()
    }
  },
}

function newest(path: string): Snapshot {
  const [first] = snapshotsOf(path)
  if (first) return first
  throw new OpenError(
    `there is no copy from before an upgrade in ${join(dirname(path), "snapshots")}; restore a backup, or name a copy with --to`,
  )
}

const WORDS = {
  people: ["person", "people"],
  charges: ["charge", "charges"],
  transactions: ["transaction", "transactions"],
  acts: ["act", "acts"],
}

/** In words: "3 charges". */
const missingFrom = (now: Schema, then: Schema): string[] =>
  (Object.keys(WORDS) as (keyof typeof WORDS)[]).flatMap((name) => {
    const missing = now.rows[name] - then.rows[name]
    return missing > 0 ? [`${missing} ${WORDS[name][missing === 1 ? 0 : 1]}`] : []
  })

const doneText = (copy: string, then: Schema, aside: string, missing: readonly string[]): string =>
  [
    `The database is as it was at ${moment(then.lastCommitMs)} (schema ${then.applied.at(-1)?.number ?? 0}), from ${copy}.`,
    `What stood there is kept in ${aside}.`,
    ...(missing.length === 0
      ? ["Nothing that people did is missing."]
      : [
          `Missing from it, and only in that file: ${missing.join(", ")}.`,
          "Everybody has to sign in again, to apps too. Look what was suspended, revoked or changed since, and do it again:",
          "it is as it was before. What was paid or called since is not in the books.",
        ]),
    then.writer
      ? `Start Purser ${then.writer} now; a newer one would upgrade it again.`
      : "Start the executable from before the upgrade now; a newer one would upgrade it again.",
  ].join("\n")
