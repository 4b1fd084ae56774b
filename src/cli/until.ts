// What `--at` and `--txid` say: the moment or the transaction up to which something is brought back.
import type { Until } from "../replica/index.ts"
import { UsageError } from "./args.ts"

/** @throws UsageError */
export function readUntil(options: Readonly<Record<string, string>>, nowMs: number): Until {
  const { at, txid } = options
  if (at !== undefined && txid !== undefined) throw new UsageError("--at and --txid exclude each other; give one")
  if (txid !== undefined) return { kind: "txid", txid: readTxid(txid) }
  return at === undefined ? { kind: "latest" } : { kind: "at", ms: readMoment(at, nowMs) }
}

function readTxid(text: string): string {
  if (/^[0-9a-f]{1,16}$/i.test(text)) return text.toLowerCase().padStart(16, "0")
  throw new UsageError(`--txid takes up to 16 hex digits, as purser backup list shows them; "${text}" is not that`)
}

const MOMENT = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?) ?(Z|UTC|[+-]\d\d:?\d\d)$/

/** A moment without its zone would be taken for the wrong hour by half of the world. */
function readMoment(text: string, nowMs: number): number {
  const [, day = "", time = "", zone = ""] = MOMENT.exec(text.trim()) ?? []
  const ms = Date.parse(`${day}T${time}${zone === "UTC" ? "Z" : zone}`)
  if (Number.isNaN(ms))
    throw new UsageError(`--at takes a moment with its zone, such as "2026-11-27 09:30:00 UTC"; "${text}" is not that`)
  if (ms > nowMs) throw new UsageError(`--at ${text} is in the future; leave it out for the newest`)
  return ms
}
