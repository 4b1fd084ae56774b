// The books as text, one JSON line per charge or transaction, with all that is no projection. Reads only and keeps nothing: give it
// a reader inside one read transaction, so that every line is of the same moment.
import { GENESIS, hex } from "../books/chain.ts"
import { chargePublicId } from "../books/store.ts"
import { openHold } from "../books/store-memory.ts"
import type { Sql } from "../books/types.ts"
import {
  type ChargeLine,
  EXPORT_VERSION,
  type ExportLine,
  type HoldLine,
  LineWriter,
  type TransactionLine,
} from "./export-format.ts"
import * as rows from "./store-export.ts"
import * as facts from "./store-export-facts.ts"

/** Lines with their line ends: head, accounts, charges and transactions by id, open holds, corrections without one, end. */
export function* exportBooks(sql: Sql): Generator<string> {
  const writer = new LineWriter()
  const { transactions, head } = rows.booksSize(sql)
  yield writer.write({ line: "books", version: EXPORT_VERSION, transactions, head: head && hex(head) })
  for (const account of rows.accountLines(sql)) yield writer.write({ line: "account", ...account })
  for (const line of postedLines(sql)) yield writer.write(line)
  for (const hold of rows.holdRows(sql)) yield writer.write(holdLine(sql, hold))
  for (const correction of facts.loneCorrectionLines(sql)) yield writer.write({ line: "correction", ...correction })
  yield writer.write({ line: "end", lines: writer.lines + 1 })
}

/** Both halves of the books, laid into one another by id. */
function* postedLines(sql: Sql): Generator<ExportLine> {
  const charges = rows.chargeRows(sql)
  const others = rows.transactionRows(sql)
  let charge = charges.next().value as rows.ChargeRowFull | undefined
  let other = others.next().value as rows.TransactionRowFull | undefined
  for (let prev = GENESIS; charge || other; ) {
    if (charge && (!other || charge.id < other.id)) {
      yield chargeLine(sql, charge, prev)
      prev = hex(charge.hash)
      charge = charges.next().value as rows.ChargeRowFull | undefined
    } else if (other) {
      yield transactionLine(sql, other, prev)
      prev = hex(other.hash)
      other = others.next().value as rows.TransactionRowFull | undefined
    }
  }
}

/** Without what is counted anew, and without what other domains own and nothing of the books hangs on (see README.md). */
function chargeLine(sql: Sql, row: rows.ChargeRowFull, prev: string): ChargeLine {
  const takes = row.earnedNano > 0 ? facts.takeLines(sql, row.id) : []
  return {
    line: "charge",
    id: row.id,
    callId: row.callId,
    mode: row.mode,
    atMs: row.atMs,
    account: row.accountId,
    owner: row.owner,
    lots: rows.chargePartLines(sql, row),
    chargeNano: row.chargeNano,
    upstreamNano: row.upstreamNano,
    developerNano: row.developerNano,
    collectedNano: row.collectedNano,
    pending: row.pendingId,
    earnedNano: row.earnedNano,
    promoEarnedNano: row.promoEarnedNano,
    promoCapNano: row.promoCapNano,
    developerId: row.developerId,
    callerId: row.callerId,
    clientId: row.clientId,
    scope: row.scope,
    heldDay: row.heldDay,
    heldNano: row.heldNano,
    stream: row.stream,
    status: row.status,
    errorCode: row.errorCode,
    end: row.end,
    latencyMs: row.latencyMs,
    firstTokenMs: row.firstTokenMs,
    inputTokens: row.inputTokens,
    cachedTokens: row.cachedTokens,
    outputTokens: row.outputTokens,
    reasoningTokens: row.reasoningTokens,
    units: row.units,
    source: row.source,
    ...(takes.length > 0 && { takes }),
    prev,
    hash: hex(row.hash),
  }
}

function transactionLine(sql: Sql, row: rows.TransactionRowFull, prev: string): TransactionLine {
  const { hash, reverses, reversesId, chargeId, callId, ...plain } = row
  return {
    line: "transaction",
    ...plain,
    reverses: reverses === null ? null : { id: reverses, publicId: reversesId ?? "" },
    charge: chargeId === null ? null : { id: chargeId, publicId: chargePublicId(callId ?? "") },
    entries: rows.entryLines(sql, row.id),
    ...factsOf(sql, row),
    prev,
    hash: hex(hash),
  }
}

/** Looked up only where a type can have them. */
function factsOf(sql: Sql, { id, type, key }: rows.TransactionRowFull): Partial<TransactionLine> {
  if (type === "payout") {
    const requested = facts.requestedPayout(sql, id)
    const resolved = facts.resolvedPayout(sql, id)
    if (requested) {
      const { state: _, resolvedMs: __, ...payoutRequested } = requested
      return { payoutRequested }
    }
    return resolved
      ? { payoutResolved: { id: resolved.id, state: resolved.state, resolvedMs: resolved.resolvedMs } }
      : {}
  }
  if (type === "sale") {
    const sale = facts.saleLine(sql, id)
    const takes = facts.takeLines(sql, id)
    return { ...(sale && { sale }), ...(takes.length > 0 && { takes }) }
  }
  const lot = key === null ? null : facts.lotLine(sql, key)
  const claim = type === "daily_bonus" ? facts.claimLine(sql, id) : null
  const correction = key === null ? null : facts.correctionLine(sql, id)
  const clawed = correction?.verb === "claw_back" ? facts.clawedLines(sql, correction.key) : []
  const repaid = type === "debt" || correction?.verb === "restore_claw" ? facts.repayLines(sql, id) : []
  const maturity = type === "adjustment" ? facts.maturityLine(sql, id) : null
  return {
    ...(lot && { lot }),
    ...(claim && { claim }),
    ...(correction && { correction }),
    ...(clawed.length > 0 && { clawed }),
    ...(repaid.length > 0 && { repaid }),
    ...(maturity && { maturity }),
  }
}

function holdLine(sql: Sql, row: rows.HoldRowFull): HoldLine {
  const hold = openHold(row)
  return {
    line: "hold",
    id: hold.id,
    account: hold.accountId,
    owner: row.owner,
    callId: hold.callId,
    bootId: hold.bootId,
    callerId: hold.callerId,
    clientId: hold.clientId,
    scope: hold.scope,
    limited: hold.limited,
    stream: hold.stream,
    amountNano: hold.amountNano,
    lots: hold.parts.map(({ lotId, amountNano }) => ({
      lot: rows.lotPublicId(sql, lotId),
      lotRow: lotId,
      nano: amountNano,
    })),
    stage: hold.stage,
    inputCostNano: hold.inputCostNano,
    knownCostNano: hold.knownCostNano,
    splitUpstream: hold.splitUpstream,
    splitDeveloper: hold.splitDeveloper,
    splitPlatform: hold.splitPlatform,
    developerId: hold.developerId,
    promoCapNano: hold.promoCapNano,
    leaseUntilMs: hold.leaseUntilMs,
    createdMs: hold.createdMs,
  }
}
