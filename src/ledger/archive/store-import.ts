// SQL of importing the books into a database that has none: every row under its own id, figures as they were at the start. What
// projections should be is computed afterwards (`store-rebuild.ts`).
import type { AccountId, LotId, TransactionId } from "../../app/index.ts"
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import { accounts, openHolds as holdLots, openHolds as holds, transactions } from "../books/tables.ts"
import type { AccountKind } from "../books/types.ts"
import { claims } from "../claims/tables.ts"
import { corrections } from "../corrections/tables.ts"
import { earningMaturities, earningTakes, payouts } from "../earnings/tables.ts"
import { lots } from "../lots/tables.ts"
import type { HoldFacts, TransactionLine } from "./export-format.ts"
import type {
  AccountLine,
  ClaimLine,
  CorrectionLine,
  LotLine,
  MaturityLine,
  PayoutLine,
  TakeLine,
} from "./store-export.ts"

/** Whether the ledger has anything but the platform's accounts. */
export const hasBooks = (sql: Reader): boolean =>
  sql.get(
    `SELECT 1 WHERE EXISTS (SELECT 1 FROM transactions) OR EXISTS (SELECT 1 FROM accounts WHERE id > 100)
       OR EXISTS (SELECT 1 FROM lots) OR EXISTS (SELECT 1 FROM holds) OR EXISTS (SELECT 1 FROM corrections)`,
  ) !== null

export const insertAccount = (tx: Tx, row: AccountLine) =>
  insertRow(tx, accounts, {
    id: row.id,
    ownerKind: "principal",
    ownerId: row.owner,
    mode: row.mode,
    kind: row.account,
    createdMs: row.createdMs,
  })

export const accountOf = (sql: Reader, id: AccountId) =>
  sql.get<{ kind: AccountKind; owner: number }>("SELECT kind, owner_id AS owner FROM accounts WHERE id = ?", id)

export const lotOf = (sql: Reader, id: LotId) =>
  sql.get<{ publicId: string }>("SELECT public_id AS publicId FROM lots WHERE id = ?", id)

export const insertLotRow = (tx: Tx, { account, ...lot }: LotLine, key: string) =>
  insertRow(tx, lots, { ...lot, accountId: account, remainingNano: lot.grantedNano, key })

/** Open, whatever it is: a hold that was charged names a transaction that does not stand there yet. */
export function insertHold(tx: Tx, hold: HoldFacts): void {
  insertRow(tx, holds, {
    id: hold.id,
    accountId: hold.account,
    callId: hold.callId,
    bootId: hold.bootId,
    reason: hold.reason,
    clientId: hold.clientId,
    scope: hold.scope,
    limitScope: hold.limitScope,
    day: hold.day,
    amountNano: hold.amountNano,
    stage: hold.stage,
    inputCostNano: hold.inputCostNano,
    knownCostNano: hold.knownCostNano,
    splitUpstream: hold.splitUpstream,
    splitDeveloper: hold.splitDeveloper,
    splitPlatform: hold.splitPlatform,
    developerId: hold.developerId,
    leaseUntilMs: hold.leaseUntilMs,
    createdMs: hold.createdMs,
    raisedMs: hold.raisedMs,
    promoCapNano: hold.promoCapNano,
  })
  for (const part of hold.lots)
    insertRow(tx, holdLots, { holdId: hold.id, lotId: part.lot, seq: part.seq, amountNano: part.nano })
}

export function resolveHold(tx: Tx, hold: HoldFacts, transactionId: TransactionId | null): void {
  if (hold.state === "open") return
  tx.run(
    `UPDATE holds SET state = ?, resolved_ms = ?, transaction_id = ?, charge_nano = ?, charge_upstream_nano = ?,
       charge_developer_nano = ?, charge_platform_nano = ?, collected_nano = ?, uncollected_nano = ?, promo_earned_nano = ?
     WHERE id = ?`,
    hold.state,
    hold.resolvedMs,
    transactionId,
    hold.chargeNano,
    hold.upstreamNano,
    hold.developerNano,
    hold.platformNano,
    hold.collectedNano,
    hold.uncollectedNano,
    hold.promoEarnedNano,
    hold.id,
  )
}

export const insertTransaction = (tx: Tx, row: TransactionLine, prevHash: Uint8Array, hash: Uint8Array) =>
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
    holdId: row.holdId,
    usageId: row.usageId,
    prevHash,
    hash,
  })

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
  })

export const insertMaturityRow = (tx: Tx, row: MaturityLine, transactionId: TransactionId, atMs: number) =>
  insertRow(tx, earningMaturities, {
    transactionId,
    accountId: row.account,
    paidDay: row.paidDay,
    promoDay: row.promoDay,
    amountNano: row.nano,
    atMs,
  })

export const insertTake = (tx: Tx, { account, nano, ...take }: TakeLine, transactionId: TransactionId) =>
  insertRow(tx, earningTakes, { ...take, transactionId, accountId: account, amountNano: nano })

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
