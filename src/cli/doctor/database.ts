// The database as a file: whose it is, whether it is whole, and whether the clock agrees with it.
import { existsSync, statSync } from "node:fs"
import { MINUTE_MS } from "../../app/index.ts"
import { checkWhole, issuerIn, openReadOnly, readSchema, type Schema } from "../../store/index.ts"
import { moment } from "../migrate.ts"
import { type Examine, type Finding, type Patient, said } from "./types.ts"

const MB = 1_000_000
/** Checkpoints keep it at some tens of megabytes; this much says that something reads without an end, or that copies fail. */
const WAL_MAX = 1_000 * MB
/** Clocks of one machine that are synchronised differ by less. */
const CLOCK_MAX_MS = 5 * MINUTE_MS

export const database: Examine = (patient) => {
  const { path, config } = patient
  const one = said("database", "Database")
  if (!existsSync(path)) return [one.ok("made at the first start")]
  let schema: Schema
  try {
    schema = readSchema(path)
  } catch (error) {
    return [
      one.bad(
        (error as Error).message,
        "Restore a backup, or go back to the copy from before an upgrade: purser migrate back.",
      ),
    ]
  }
  if (schema.refused !== null) {
    const [text = "", remedy = ""] = schema.refused.split(/(?<=\))\. /)
    return [said("database-newer", "Database").bad(text, remedy || "Start the executable that wrote it.")]
  }
  const wrong = checkWhole(path)
  if (wrong !== null)
    return [
      said("database-damaged", "Database").bad(
        `the database is damaged (${wrong})`,
        "Stop the server and restore a backup.",
      ),
    ]
  return [...upgrade(schema), ...log(path), ...clock(schema, patient), ...issuer(path, config.baseUrl)]
}

function upgrade({ pending, applied }: Schema): Finding[] {
  const at = applied.at(-1)?.number ?? 0
  if (pending.length === 0) return [said("database", "Database").ok(`whole, schema ${at}`)]
  return [
    said("database-pending", "Database").warn(
      `schema ${at}, ${pending.length} behind this executable`,
      "The next start upgrades it after keeping a copy; purser migrate status says more.",
    ),
  ]
}

function log(path: string): Finding[] {
  const wal = `${path}-wal`
  const size = existsSync(wal) ? statSync(wal).size : 0
  if (size <= WAL_MAX) return []
  return [
    said("wal-size", "Log").warn(
      `the log beside the database has ${Math.ceil(size / MB)} MB`,
      "Look for a program that has the database open (a browser, a backup, Litestream that stands still), then start the server again.",
    ),
  ]
}

/** Time in the books never runs backwards: with a clock that is behind, it goes on at half its pace. */
function clock({ lastCommitMs }: Schema, { nowMs }: Patient): Finding[] {
  const one = said("clock", "Clock")
  if (lastCommitMs - nowMs <= CLOCK_MAX_MS) return [one.ok(moment(nowMs))]
  return [
    one.bad(
      `it is ${moment(nowMs)} here, and the newest commit is of ${moment(lastCommitMs)}`,
      "Set the clock, and let it be synchronised (timedatectl set-ntp true): limits, codes and links end by it.",
    ),
  ]
}

function issuer(path: string, baseUrl: string): Finding[] {
  const reader = openReadOnly(path)
  const known = issuerIn(reader)
  reader.close()
  if (known === null || known === baseUrl) return []
  return [
    said("base-url-changed", "Address").bad(
      `this data belongs to ${known}, not ${baseUrl}`,
      `Set PURSER_BASE_URL=${known}, or use another --data-dir.`,
    ),
  ]
}
