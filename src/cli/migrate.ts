// `purser migrate`: the schema of the data folder, the upgrade without serving, and the way back to the copy from before it.
import { join } from "node:path"
import { readConfig } from "../app/index.ts"
import { lockFolder, openStore, readSchema, type Schema, type Snapshot, snapshotsOf } from "../store/index.ts"
import { JSON_OPTION, type Verb } from "./verb.ts"

const databaseOf = (flags: Record<string, string>): string => join(readConfig(flags, process.env).dataDir, "purser.db")

export const migrateStatus: Verb = {
  words: "migrate status",
  help: "say which schema the database has, and which copies are kept",
  about: [
    "Reads the database and says which schema it has, what this executable would change, and which copies from before earlier upgrades are kept in `snapshots/`. It writes nothing and works beside a running server.",
  ],
  options: [JSON_OPTION],
  examples: [
    { run: "migrate status", does: "before you put a new executable in place" },
    { run: "migrate status --json | jq .pending", does: "what the next start would run" },
  ],
  exits: { 1: "there is no database", 4: "the database is newer than this executable" },
  async run({ flags, switches }) {
    const path = databaseOf(flags)
    const schema = readSchema(path)
    const snapshots = snapshotsOf(path)
    console.log(
      switches.has("json") ? JSON.stringify(asJson(schema, snapshots), null, 2) : statusText(schema, snapshots),
    )
    return schema.refused === null ? 0 : 4
  },
}

/** `migrate` alone. */
export const migrateAlone: Verb = { ...migrateStatus, words: "migrate", help: "" }

const asJson = (schema: Schema, snapshots: readonly Snapshot[]) => ({
  schema: schema.applied.at(-1)?.number ?? 0,
  writtenBy: schema.writer,
  pending: schema.pending.map(({ name }) => name),
  refused: schema.refused,
  snapshots: snapshots.map(({ path, schema, madeMs, bytes }) => ({
    path,
    schema,
    made: new Date(madeMs).toISOString(),
    bytes,
  })),
})

export const moment = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")} UTC`

function statusText({ applied, pending, refused, writer }: Schema, snapshots: readonly Snapshot[]): string {
  const by = writer ? `, written by Purser ${writer}` : ""
  const next =
    refused ??
    (pending.length === 0
      ? "This executable opens it as it is."
      : `The next start runs ${pending.map(({ name }) => name).join(", ")}, after keeping a copy.`)
  const copies = snapshots.map(
    ({ path, schema, madeMs, bytes }) =>
      `  schema ${schema}, ${moment(madeMs)}, ${Math.ceil(bytes / 1_000_000)} MB: ${path}`,
  )
  return [
    `Schema ${applied.at(-1)?.number ?? 0}${by}.`,
    next,
    copies.length === 0 ? "No copies from before an upgrade." : "Copies from before an upgrade:",
    ...copies,
  ].join("\n")
}

export const migrateUp: Verb = {
  words: "migrate up",
  help: "upgrade the database without serving",
  about: [
    "Does what the next `serve` would do first: keeps a copy in `snapshots/` (the last 3 stay), then runs what is pending in one transaction. If anything fails the database is as it was.",
    "The disk needs room for the copy twice over. Without it nothing is begun; --without-copy goes on if you have a copy elsewhere.",
  ],
  options: [{ name: "without-copy", help: "keep no copy first; then there is no way back but your own backup" }],
  examples: [{ run: "migrate up --data-dir /var/lib/purser", does: "as a step of its own, before the start" }],
  exits: {
    1: "no room for the copy, or a migration failed; nothing was changed",
    3: "a server runs on this data folder",
    4: "the database is newer than this executable",
  },
  async run({ flags, switches }) {
    const path = databaseOf(flags)
    // A mistyped folder must not become a new, empty Purser.
    readSchema(path)
    const lock = lockFolder(join(path, ".."))
    try {
      let ran: string[] = []
      const onMigrated = (names: string[]) => {
        ran = names
      }
      await openStore(path, { onMigrated, withoutCopy: switches.has("without-copy") }).close()
      console.log(ran.length === 0 ? "Nothing to do." : ran.map((name) => `ran ${name}`).join("\n"))
      return 0
    } finally {
      lock.release()
    }
  },
}
