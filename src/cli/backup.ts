// `purser backup now|list|verify`: a copy of this moment, what can be restored, and whether it really can.
import { setPriority } from "node:os"
import { join } from "node:path"
import { type Config, readConfig, silentLog } from "../app/index.ts"
import { BackupError, type BackupNow, type CopiedTo, copyTo, type Proof, prove } from "../backup/index.ts"
import { type Copy, openElsewhere } from "../replica/index.ts"
import { callControl } from "../store/index.ts"
import { UsageError } from "./args.ts"
import { moment } from "./migrate.ts"
import { stoppable } from "./stoppable.ts"
import { JSON_OPTION, type Verb } from "./verb.ts"
import { askPurser } from "./with-app.ts"

export const backupNow: Verb = {
  words: "backup now",
  help: "make sure that everything up to now is copied, or copy it into a file",
  about: [
    "With a replica: waits until everything that is committed by now is in it, and says so. The replica has every change within a second anyway; this is for the moment before something risky.",
    "With FILE, and for a server without a replica: writes a whole copy of this moment into a file, beside the running server. The file is not replaced if it is there. Take it to another machine, with the secret key beside it in another place: the copy opens with that key only.",
  ],
  operands: "[FILE]",
  options: [JSON_OPTION],
  examples: [
    { run: "backup now", does: "before an upgrade: the replica has everything" },
    { run: "backup now /mnt/usb/purser-2026-11-27.db", does: "a whole copy in a file" },
  ],
  exits: {
    1: "the replica did not get everything within a minute, or there is no room for the file",
    2: "there is neither a replica nor a FILE",
  },
  async run({ flags, switches, words: [file] }) {
    const config = readConfig(flags, process.env)
    const isJson = switches.has("json")
    if (file !== undefined) return tellFile(copyTo(join(config.dataDir, "purser.db"), file), isJson)
    if (!config.replica)
      throw new UsageError("no replica is set (PURSER_REPLICA_URL): name a file for the copy, purser backup now FILE")
    const { result } = await askPurser(config, "backup-now")
    return tellNow(config.replica.url, result as BackupNow, isJson)
  },
}

function tellFile(copied: CopiedTo, isJson: boolean): number {
  if (isJson) console.log(JSON.stringify({ ...copied, last: new Date(copied.lastMs).toISOString() }, null, 2))
  else
    console.log(
      `${copied.path} holds everything up to ${moment(copied.lastMs)} (${megabytes(copied.bytes)}). It opens with the secret key only, which is not in it.`,
    )
  return 0
}

function tellNow(url: string, { held, lastMs }: BackupNow, isJson: boolean): number {
  const isHeld = held === "held"
  if (isJson) console.log(JSON.stringify({ url, held: isHeld, upTo: new Date(lastMs).toISOString() }, null, 2))
  else if (isHeld) console.log(`Everything up to ${moment(lastMs)} is in ${url}.`)
  if (!isHeld && !isJson)
    console.error(`purser: ${url} does not have everything yet; the line Replica of the overview says why`)
  return isHeld ? 0 : 1
}

export const backupList: Verb = {
  words: "backup list",
  help: "list what can be restored from the replica",
  about: [
    "Asks the replica and lists its folders, newest first: from when to when each can be gone back to, how large it is, and which transactions it has (Litestream 0.5; 0.3 counts none). Each start on another machine and each restore begins a folder of its own. Needs no running server.",
    "Copies from before upgrades lie in `snapshots/` of the data folder: `purser migrate status` lists them.",
  ],
  options: [JSON_OPTION],
  examples: [{ run: "backup list", does: "before a restore to an earlier time" }],
  exits: { 1: "the replica cannot be asked, or holds nothing", 2: "no replica is set" },
  async run({ flags, switches }) {
    const elsewhere = elsewhereOf(readConfig(flags, process.env))
    const found = await elsewhere.mark()
    const copies = await elsewhere.copies()
    const newest = found?.marker.whole ?? null
    const shown = copies.map((copy) => ({ ...copy, newest: copy.epoch === newest?.epoch }))
    if (switches.has("json")) console.log(JSON.stringify(shown.map(asJson), null, 2))
    else for (const copy of shown) console.log(copyText(copy))
    if (shown.some(({ newest }) => newest)) return 0
    throw new BackupError(`${elsewhere.url} holds no whole copy that a start would restore`)
  },
}

function elsewhereOf(config: Config) {
  const elsewhere = openElsewhere(config, silentLog)
  if (elsewhere) return elsewhere
  throw new UsageError("no replica is set (PURSER_REPLICA_URL), so there is nothing to list")
}

type Shown = Copy & { newest: boolean }

const asJson = ({ fromMs, toMs, ...copy }: Shown) => ({
  ...copy,
  from: new Date(fromMs).toISOString(),
  to: new Date(toMs).toISOString(),
})

function copyText({ epoch, format, fromMs, toMs, bytes, files, snapshots, txids, newest }: Shown): string {
  const counted = txids ? `, transactions ${short(txids.from)} to ${short(txids.to)}` : ""
  const whole = snapshots === 1 ? "1 whole copy" : `${snapshots} whole copies`
  return [
    `e${epoch}${newest ? "  (what a restore takes)" : ""}`,
    `  ${moment(fromMs)} to ${moment(toMs)}`,
    `  ${megabytes(bytes)} in ${files} files, ${whole}, Litestream ${format}${counted}`,
  ].join("\n")
}

const short = (txid: string): string => txid.replace(/^0+(?=.)/, "")
const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0)} MB`

export const backupVerify: Verb = {
  words: "backup verify",
  help: "prove that the backup can be restored",
  about: [
    "Restores the newest copy into a folder of its own, checks that every page is whole, that it is this Purser's and reaches as far as it should, verifies the books, and opens a sealed value with the secret key. Then it removes the folder. Nothing of the running server is touched.",
    "The server does this every week by itself; the last result stands on System. With FILE it tries a copy that `backup now FILE` made.",
    "It needs room for the whole database beside what the server needs. --in names a folder on another disk.",
  ],
  operands: "[FILE]",
  options: [{ name: "in", value: "DIR", help: "restore into this folder instead of the data folder" }, JSON_OPTION],
  examples: [
    { run: "backup verify", does: "can the newest copy be restored?" },
    { run: "backup verify /mnt/usb/purser-2026-11-27.db", does: "is this file whole, and does the key open it?" },
    { run: "backup verify --json | jq -e .ok", does: "for a script" },
  ],
  exits: { 1: "it is not well, or could not be tried; the message says why" },
  async run({ flags, options, switches, words: [file] }) {
    const config = readConfig(flags, process.env)
    if (file === undefined && !config.replica)
      throw new UsageError("no replica is set (PURSER_REPLICA_URL); name a file, purser backup verify FILE")
    // A server that runs beside it comes first.
    setPriority(19)
    const proof = await stoppable((signal) => prove({ config, log: silentLog, in: options.in, file, signal }))
    if (file === undefined) await callControl(config.dataDir, "backup-proved", { proof })
    if (switches.has("json")) console.log(JSON.stringify(proof, null, 2))
    else if (proof.ok) console.log(wellText(proof))
    if (!proof.ok && !switches.has("json")) console.error(`purser: ${proof.why}`)
    return proof.ok ? 0 : 1
  },
}

const wellText = ({ source, lastMs, bytes, transactions, tookMs }: Proof): string =>
  [
    `${source} restores: everything up to ${moment(lastMs ?? 0)} (${megabytes(bytes ?? 0)}), in ${(tookMs / 1_000).toFixed(1)} s.`,
    `Every page is whole, the books of ${(transactions ?? 0).toLocaleString("en-US")} transactions balance, and the key opens it.`,
  ].join("\n")
