// Reads the file after a death and compares it with what had been promised. Knows tables, not the code that wrote them.
import { type VerifyReport, verify } from "../../src/ledger/index.ts"
import { openReadOnly } from "../../src/store/index.ts"
import type { Answered, Promised } from "./load.ts"
import type { Granted } from "./protocol.ts"

interface CallRow {
  charge: number
  collected: number
  end: string
  state: string
  holdCharge: number
  posted: number | null
}

const CALL = `
  SELECT u.charge_nano AS charge, u.collected_nano AS collected, u.end_reason AS end, h.state, h.charge_nano AS holdCharge,
         (SELECT SUM(e.amount_nano) FROM entries e JOIN accounts a ON a.id = e.account_id
           WHERE e.transaction_id = t.id AND a.kind = 'wallet') AS posted
  FROM usage_calls u JOIN holds h ON h.call_id = u.public_id LEFT JOIN transactions t ON t.public_id = u.transaction_id
  WHERE u.public_id = ?`

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
  const callOf = (id: string) => reader.get<CallRow>(CALL, id)
  for (const call of promised.answered) broken.push(...brokenCall(call, callOf(call.requestId)))
  for (const id of promised.admitted) {
    const row = callOf(id)
    if (!row) broken.push(`${id} was admitted, but has no hold or usage row`)
    else if (row.state === "open") broken.push(`${id} is still held`)
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

function brokenCall(call: Answered, row: CallRow | null): string[] {
  if (!row) return [`${call.requestId} was answered, but has no hold or usage row`]
  const { charge, collected, end, state, holdCharge, posted } = row
  const isKept =
    end === "done" &&
    state === "settled" &&
    [charge, collected, holdCharge, -(posted ?? 0)].every((nano) => nano === call.chargedNano)
  return isKept ? [] : [`${call.requestId} was answered and charged ${call.chargedNano}, but is ${JSON.stringify(row)}`]
}
