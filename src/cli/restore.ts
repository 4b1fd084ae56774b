// `purser restore`: the database as it is in the replica, as it was, or from a file; and the word that lets a restored house go on.
import { existsSync } from "node:fs"
import { join, resolve } from "node:path"
import { createLog, readConfig, systemClock } from "../app/index.ts"
import { type Brought, bringBack, type Place } from "../backup/index.ts"
import { type Args, UsageError } from "./args.ts"
import { moment } from "./migrate.ts"
import { stoppable } from "./stoppable.ts"
import { readUntil } from "./until.ts"
import type { Verb } from "./verb.ts"
import { askPurser } from "./with-app.ts"

export const restore: Verb = {
  words: "restore",
  help: "bring the database back from the replica or a file",
  about: [
    "Into the data folder: stop the server first. Brings the newest copy (or the one asked for) beside its place, tries it (pages, books, key), and puts it in place. A database that stands there is never deleted: --move-old-to names the folder it is kept in. A start on an empty data folder with a replica does all this by itself.",
    "After that nobody is signed in, and jobs and messages wait until an admin has looked at what was lost: /admin/restore, or `purser restore go-on`. Whoever wrote the replica before is shut out.",
    "With --to it writes purser.db into that folder and changes nothing else: to look something up, or to try. --at and --txid go back to an earlier state; `purser backup list` says how far.",
  ],
  options: [
    { name: "at", value: "TIME", help: 'as it was then, such as "2026-11-27 09:30:00 UTC"' },
    { name: "txid", value: "N", help: "up to this transaction of Litestream 0.5, in hex" },
    { name: "epoch", value: "N", help: "from this folder of the replica, as backup list names them" },
    { name: "from", value: "FILE", help: "from a file that backup now made" },
    { name: "to", value: "DIR", help: "into this folder, and change nothing else" },
    { name: "move-old-to", value: "DIR", help: "where to keep the database that stands in the data folder" },
  ],
  examples: [
    { run: "restore --to /tmp/look", does: "the newest copy, to look at it" },
    {
      run: "restore --data-dir /var/lib/purser --at 2026-11-27T09:30:00Z --move-old-to /var/lib/purser/old",
      does: "go back to half past nine",
    },
    { run: "restore --from /mnt/usb/purser-2026-11-27.db --data-dir /var/lib/purser", does: "on a new machine" },
  ],
  exits: {
    1: "nothing that fits could be restored, or it is not well; nothing was changed",
    2: "a database stands in the data folder and --move-old-to was not given",
    3: "a server runs on this data folder: stop it first",
    4: "the copy was written by a newer Purser",
  },
  async run({ flags, options }) {
    const config = readConfig(flags, process.env)
    const until = readUntil(options, systemClock.now())
    if (options.from !== undefined && (until.kind !== "latest" || options.epoch !== undefined))
      throw new UsageError("a file is one moment: --from goes without --at, --txid and --epoch")
    const place = placeOf(options, config.dataDir)
    const log = createLog({ level: "warn", format: config.logFormat })
    const epoch = options.epoch === undefined ? null : readEpoch(options.epoch)
    const ask = { config, log, place, until, epoch, file: options.from ?? null }
    console.log(doneText(await stoppable((signal) => bringBack({ ...ask, signal })), place))
    return 0
  },
}

function placeOf(options: Args["options"], dataDir: string): Place {
  const { to } = options
  const keepIn = options["move-old-to"]
  if (to !== undefined && resolve(to) !== resolve(dataDir)) {
    if (keepIn !== undefined) throw new UsageError("--to changes nothing in the data folder; leave --move-old-to out")
    return { kind: "apart", folder: to }
  }
  if (existsSync(join(dataDir, "purser.db")) && keepIn === undefined)
    throw new UsageError(
      `there is a database in ${dataDir}. Say with --move-old-to DIR where it is to be kept, or restore into another folder with --to DIR`,
    )
  return { kind: "here", keepIn: keepIn === undefined ? null : resolve(keepIn) }
}

function readEpoch(text: string): number {
  const [, digits] = /^e?(\d{1,7})$/.exec(text) ?? []
  if (digits !== undefined) return Number(digits)
  throw new UsageError(`--epoch takes a number, as purser backup list names folders (e7 is 7); "${text}" is none`)
}

function doneText({ path, source, epoch, lastMs, transactions, keyOpens }: Brought, place: Place): string {
  const where = epoch === null ? source : `${source} (e${epoch})`
  const first = `${path} is the database as it was at ${moment(lastMs)}, from ${where}; the books of ${transactions.toLocaleString("en-US")} transactions balance.`
  if (place.kind === "apart") return keyOpens ? first : `${first}\nNo secret key was at hand to try on it.`
  return [
    first,
    ...(place.keepIn === null ? [] : [`What stood there is kept in ${place.keepIn}.`]),
    "Start the server. Everybody signs in again; jobs and messages wait until an admin has looked at /admin/restore.",
  ].join("\n")
}

export const restoreGoOn: Verb = {
  words: "restore go-on",
  help: "after a restore: let jobs and messages go on",
  about: [
    "After a restore nothing leaves the house until somebody has looked at what was lost: /admin/restore says what that is and what to do. This says from the console of the server what the button there says: I have looked; go on. It is in the audit log.",
  ],
  examples: [{ run: "restore go-on", does: "when no admin can sign in yet" }],
  exits: { 1: "nothing waits, or there is no database" },
  async run({ flags }) {
    await askPurser(readConfig(flags, process.env), "restore-go-on")
    console.log("Jobs and messages go on.")
    return 0
  },
}
