// SQL of importing the books into a database that has none: every row under its own id, figures as they were at the start. What
// projections should be is computed afterwards (`store-rebuild.ts`).
import { type AccountId, nano, type TransactionId } from "../../app/index.ts"
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import type { ChainEntry } from "../books/chain.ts"
import { accounts, transactions } from "../books/tables.ts"
import type { AccountKind } from "../books/types.ts"
import { insertCharge, insertChargeLots } from "../charges/store.ts"
import { claims } from "../claims/tables.ts"
import { clawedCalls, corrections } from "../corrections/tables.ts"
import { earningMaturities, earningTakes, payouts } from "../earnings/tables.ts"
import { insertRepay } from "../lots/store-claws.ts"
import { lots } from "../lots/tables.ts"
import { sales } from "../sales/tables.ts"
import type { ChargeLine, TransactionLine } from "./export-format.ts"
import type { AccountLine } from "./store-export.ts"
import type {
  ClaimLine,
  ClawedLine,
  CorrectionLine,
  LotLine,
  MaturityLine,
  PayoutLine,
  RepayLine,
  SaleLine,
  TakeLine,
} from "./store-export-facts.ts"

/** Whether the ledger has anything but the platform's accounts. */
export const hasBooks = (sql: Reader): boolean =>
  sql.get(
    `SELECT 1 WHERE EXISTS (SELECT 1 FROM transactions) OR EXISTS (SELECT 1 FROM charges)
       OR EXISTS (SELECT 1 FROM accounts WHERE id > 100) OR EXISTS (SELECT 1 FROM lots)
       OR EXISTS (SELECT 1 FROM open_holds) OR EXISTS (SELECT 1 FROM corrections)`,
  ) !== null

export const insertAccount = (tx: Tx, row: AccountLine) =>
  insertRow(tx, accounts, {
    id: row.id,
    ownerKind: "principal",
    ownerId: row.owner,
    mode: row.mode,
    kind: row.account,
    balanceNano: row.account === "wallet" ? null : 0,
    createdMs: row.createdMs,
  })

export const accountOf = (sql: Reader, id: AccountId) =>
  sql.get<{ kind: AccountKind; owner: number }>("SELECT kind, owner_id AS owner FROM accounts WHERE id = ?", id)

/** Of a transaction or a charge. */
export const publicIdOf = (sql: Reader, id: TransactionId): string | null =>
  sql.get<{ id: string }>(
    `SELECT public_id AS id FROM transactions WHERE id = ?1
     UNION ALL SELECT 'txn_' || substr(call_id, 5) FROM charges WHERE id = ?1`,
    id,
  )?.id ?? null

export const insertLotRow = (tx: Tx, { account, ...lot }: LotLine, key: string) =>
  insertRow(tx, lots, { ...lot, accountId: account, remainingNano: lot.grantedNano, key })

export function insertChargeRow(tx: Tx, line: ChargeLine, balanceAfter: bigint, hash: Uint8Array): void {
  insertCharge(tx, {
    id: line.id,
    callId: line.callId,
    atMs: line.atMs,
    mode: line.mode,
    accountId: line.account,
    lotId: line.lots.length === 1 ? line.lots[0]!.lotRow : null,
    chargeNano: line.chargeNano,
    upstreamNano: line.upstreamNano,
    developerNano: line.developerNano,
    collectedNano: line.collectedNano,
    pendingId: line.pending,
    earnedNano: line.earnedNano,
    promoEarnedNano: line.promoEarnedNano,
    promoCapNano: line.promoCapNano,
    balanceAfterNano: nano(Number(balanceAfter)),
    hash,
    developerId: line.developerId,
    callerId: line.callerId,
    clientId: line.clientId,
    keyId: null,
    scope: line.scope,
    heldDay: line.heldDay,
    heldNano: line.heldNano,
    routeId: null,
    stream: line.stream,
    status: line.status,
    errorCode: line.errorCode,
    end: line.end,
    latencyMs: line.latencyMs,
    firstTokenMs: line.firstTokenMs,
    inputTokens: line.inputTokens,
    cachedTokens: line.cachedTokens,
    outputTokens: line.outputTokens,
    reasoningTokens: line.reasoningTokens,
    units: line.units,
    source: line.source,
  })
  if (line.lots.length > 1) {
    insertChargeLots(
      tx,
      line.id,
      line.lots.map((part) => [part.lotRow, part.nano] as const),
    )
  }
}

export const insertTransaction = (tx: Tx, row: TransactionLine, hash: Uint8Array) =>
  insertRow(tx, transactions, {
    id: row.id,
    publicId: row.publicId,
    type: row.type,
    mode: row.mode,
    atMs: row.atMs,
    actor: row.actor,
    onBehalfOf: row.onBehalfOf,
    requestId: row.requestId,
    reason: row.reason,
    key: row.key,
    reverses: row.reverses?.id ?? null,
    chargeId: row.charge?.id ?? null,
    hash,
  })

export function insertEntry(
  tx: Tx,
  transactionId: TransactionId,
  seq: number,
  entry: ChainEntry,
  balanceAfter: bigint,
): void {
  const { accountId, amountNano, lotId } = entry
  tx.run(ENTRY, transactionId, seq, accountId, amountNano, lotId, balanceAfter)
}
const ENTRY = `INSERT INTO entries (transaction_id, seq, account_id, amount_nano, lot_id, balance_after_nano) VALUES (?, ?, ?, ?, ?, ?)`

export const insertClaim = (tx: Tx, { account, nano, ...claim }: ClaimLine, transactionId: TransactionId) =>
  insertRow(tx, claims, { ...claim, accountId: account, amountNano: nano, transactionId })

export const insertCorrectionRow = (tx: Tx, row: CorrectionLine, transactionId: TransactionId | null) =>
  insertRow(tx, corrections, {
    key: row.key,
    verb: row.verb,
    request: row.request,
    result: row.result,
    lotId: row.lot,
    amountNano: row.nano,
    transactionId,
    atMs: row.atMs,
    ofKey: row.ofKey ?? null,
  })

export function insertClawed(tx: Tx, lines: readonly ClawedLine[], clawKey: string): void {
  for (const { charge, credits, earned } of lines)
    insertRow(tx, clawedCalls, { clawKey, chargeId: charge, creditsNano: credits, earnedNano: earned })
}

export const insertRepayRow = (tx: Tx, { claw, lot, nano, late }: RepayLine, transactionId: TransactionId) =>
  insertRepay(tx, { clawKey: claw, transactionId, lotId: lot, amountNano: nano, late })

export const insertMaturityRow = (tx: Tx, row: MaturityLine, transactionId: TransactionId, atMs: number) =>
  insertRow(tx, earningMaturities, {
    transactionId,
    accountId: row.account,
    paidDay: row.paidDay,
    promoDay: row.promoDay,
    amountNano: row.nano,
    atMs,
  })

export const insertTake = (tx: Tx, { account, nano, ...take }: TakeLine, chargeId: TransactionId) =>
  insertRow(tx, earningTakes, { ...take, chargeId, accountId: account, amountNano: nano })

/** Names the transaction behind it, which is the next line: whether it is there is seen when all of it is. */
export const insertSaleRow = (tx: Tx, row: SaleLine, transactionId: TransactionId, atMs: number) =>
  insertRow(tx, sales, {
    transactionId,
    accountId: row.account,
    pendingId: row.pending,
    amountNano: row.nano,
    commissionNano: row.commission,
    commissionId: row.commissionId,
    atMs,
  })

export const insertPayoutRow = (
  tx: Tx,
  row: NonNullable<TransactionLine["payoutRequested"]>,
  transactionId: TransactionId,
) =>
  insertRow(tx, payouts, {
    id: row.id,
    publicId: row.publicId,
    ownerId: row.owner,
    mode: row.mode,
    amountNano: row.nano,
    requestedMs: row.requestedMs,
    requestId: transactionId,
    key: row.key,
  })

export const resolvePayoutRow = (
  tx: Tx,
  row: Pick<PayoutLine, "id" | "state" | "resolvedMs">,
  transactionId: TransactionId,
) =>
  tx.run(
    "UPDATE payouts SET state = ?, resolved_ms = ?, resolve_id = ? WHERE id = ? AND state = 'requested'",
    row.state,
    row.resolvedMs,
    transactionId,
    row.id,
  )

/** Principals that own an account, by id. */
export const ownerIds = (sql: Reader): number[] =>
  sql
    .all<{ id: number }>(
      "SELECT DISTINCT owner_id AS id FROM accounts WHERE owner_kind = 'principal' ORDER BY owner_id",
    )
    .map((row) => row.id)

/** The moment of this commit, which the writer notes at its end: the proof asks for it before. */
export function noteMoment(tx: Tx): void {
  tx.run("UPDATE last_commit SET at_ms = ?", tx.now)
}
