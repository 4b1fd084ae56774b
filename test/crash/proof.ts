// Reads the file after a death and compares it with what had been promised. Knows tables, not the code that wrote them.
import { type VerifyReport, verify } from "../../src/ledger/index.ts"
import { openReadOnly, type Reader } from "../../src/store/index.ts"
import type { Answered, Promised } from "./load.ts"
import type { Granted } from "./protocol.ts"

interface CallRow {
  charge: number
  collected: number
  end: string
  /** What kind of call it was. */
  route: number | null
  /** What its entries took from lots of the wallet, below 0. */
  posted: number
}

const CHARGE = `
  SELECT id, charge_nano AS charge, collected_nano AS collected, end_reason AS end, route_id AS route FROM charges WHERE call_id = ?`
/** By one id: the view is never to be asked otherwise. */
const POSTED = "SELECT COALESCE(SUM(amount_nano), 0) AS nano FROM v_wallet_entries WHERE transaction_id = ?"
const HOLD = "SELECT 1 FROM open_holds WHERE call_id = ?"

const GRANT = `
  SELECT l.granted_nano AS granted, t.public_id AS transactionId
  FROM lots l JOIN transactions t ON t.key = l.key WHERE l.key = ?`

export interface Findings {
  /** Every broken promise in one sentence; empty when all were kept. */
  broken: string[]
  verified: VerifyReport
}

/** @param atRest true when nothing has run since the server listened: each admitted call must be over then */
export function prove(path: string, promised: Promised, granted: Granted[]): Findings {
  const reader = openReadOnly(path)
  const broken: string[] = [...promised.unexpected]
  const callOf = (id: string) => chargedFor(reader, id)
  for (const call of promised.answered) broken.push(...brokenCall(call, callOf(call.requestId)))
  for (const id of promised.admitted) {
    const row = callOf(id)
    if (reader.get(HOLD, id)) broken.push(`${id} is still held`)
    else if (!row) broken.push(`${id} was admitted, but has neither hold nor charge`)
    else if (row.route === null) broken.push(`${id} does not know what kind of call it was (${row.end})`)
    else if (row.charge === 0) broken.push(`${id} had been sent, but cost nothing (${row.end})`)
  }
  for (const { key, amountNano, transactionId } of granted) {
    const row = reader.get<{ granted: number; transactionId: string }>(GRANT, key)
    if (row?.granted !== amountNano || row.transactionId !== transactionId)
      broken.push(`grant ${key} is ${JSON.stringify(row)} instead of ${amountNano} by ${transactionId}`)
  }
  // The server grants on meanwhile.
  const verified = reader.snapshot(() => verify(reader))
  for (const check of verified.checks)
    if (check.violations > 0) broken.push(`${check.name}: ${check.violations} wrong, such as ${check.examples[0]}`)
  reader.close()
  return { broken, verified }
}

function chargedFor(reader: Reader, callId: string): CallRow | null {
  const charge = reader.get<Omit<CallRow, "posted"> & { id: number }>(CHARGE, callId)
  if (!charge) return null
  const { id, ...row } = charge
  return { ...row, posted: reader.get<{ nano: number }>(POSTED, id)!.nano }
}

function brokenCall(call: Answered, row: CallRow | null): string[] {
  if (!row) return [`${call.requestId} was answered, but there is no charge for it`]
  const { charge, collected, end, posted } = row
  const isKept = end === "done" && [charge, collected, -posted].every((nano) => nano === call.chargedNano)
  return isKept ? [] : [`${call.requestId} was answered and charged ${call.chargedNano}, but is ${JSON.stringify(row)}`]
}
