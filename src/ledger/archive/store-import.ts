// SQL of importing the books into a database that has none: every row under its own id, figures as they were at the start. What
// projections should be is computed afterwards (`store-rebuild.ts`).
import type { Reader, Tx } from "../../store/index.ts"
import type { AccountKind } from "../books/types.ts"
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
  tx.run(
    "INSERT INTO accounts (id, owner_kind, owner_id, mode, kind, created_ms) VALUES (?, 'principal', ?, ?, ?, ?)",
    ...[row.id, row.owner, row.mode, row.account, row.createdMs],
  )

export const accountOf = (sql: Reader, id: number) =>
  sql.get<{ kind: AccountKind; owner: number }>("SELECT kind, owner_id AS owner FROM accounts WHERE id = ?", id)

export const lotOf = (sql: Reader, id: number) =>
  sql.get<{ publicId: string }>("SELECT public_id AS publicId FROM lots WHERE id = ?", id)

export const insertLotRow = (tx: Tx, lot: LotLine, key: string) =>
  tx.run(
    `INSERT INTO lots (id, public_id, account_id, bucket, paid, priority, restriction, granted_nano, remaining_nano,
                       effective_ms, expires_ms, created_ms, key, rollover_max_nano, rollover_cap_nano,
                       rollover_lifetime_ms, rolled_from)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[lot.id, lot.publicId, lot.account, lot.bucket, lot.paid, lot.priority, lot.restriction, lot.grantedNano],
    ...[lot.grantedNano, lot.effectiveMs, lot.expiresMs, lot.createdMs, key, lot.rolloverMaxNano, lot.rolloverCapNano],
    ...[lot.rolloverLifetimeMs, lot.rolledFrom],
  )

/** Open, whatever it is: a hold that was charged names a transaction that does not stand there yet. */
export function insertHold(tx: Tx, hold: HoldFacts): void {
  tx.run(
    `INSERT INTO holds (id, account_id, call_id, boot_id, reason, client_id, scope, limit_scope, day, amount_nano, stage,
       input_cost_nano, known_cost_nano, split_upstream, split_developer, split_platform, developer_id, lease_until_ms,
       created_ms, raised_ms, promo_cap_nano)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[hold.id, hold.account, hold.callId, hold.bootId, hold.reason, hold.clientId, hold.scope, hold.limitScope],
    ...[hold.day, hold.amountNano, hold.stage, hold.inputCostNano, hold.knownCostNano, hold.splitUpstream],
    ...[hold.splitDeveloper, hold.splitPlatform, hold.developerId, hold.leaseUntilMs, hold.createdMs, hold.raisedMs],
    hold.promoCapNano,
  )
  for (const part of hold.lots) {
    tx.run(
      "INSERT INTO hold_lots (hold_id, lot_id, seq, amount_nano) VALUES (?, ?, ?, ?)",
      ...[hold.id, part.lot, part.seq, part.nano],
    )
  }
}

export function resolveHold(tx: Tx, hold: HoldFacts, transactionId: number | null): void {
  if (hold.state === "open") return
  tx.run(
    `UPDATE holds SET state = ?, resolved_ms = ?, transaction_id = ?, charge_nano = ?, charge_upstream_nano = ?,
       charge_developer_nano = ?, charge_platform_nano = ?, collected_nano = ?, uncollected_nano = ?, promo_earned_nano = ?
     WHERE id = ?`,
    ...[hold.state, hold.resolvedMs, transactionId, hold.chargeNano, hold.upstreamNano, hold.developerNano],
    ...[hold.platformNano, hold.collectedNano, hold.uncollectedNano, hold.promoEarnedNano, hold.id],
  )
}

export const insertTransaction = (tx: Tx, row: TransactionLine, prevHash: Uint8Array, hash: Uint8Array) =>
  tx.run(
    `INSERT INTO transactions (id, public_id, type, mode, at_ms, actor, on_behalf_of, request_id, reason, key, reverses,
                               hold_id, usage_id, prev_hash, hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[row.id, row.publicId, row.type, row.mode, row.atMs, row.actor, row.onBehalfOf, row.requestId, row.reason],
    ...[row.key, row.reverses?.id ?? null, row.holdId, row.usageId, prevHash, hash],
  )

export const insertClaim = (tx: Tx, claim: ClaimLine, transactionId: number) =>
  tx.run(
    `INSERT INTO claims (account_id, at_ms, amount_nano, streak, budget_nano, auto, transaction_id)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ...[claim.account, claim.atMs, claim.nano, claim.streak, claim.budgetNano, claim.auto, transactionId],
  )

export const insertCorrectionRow = (tx: Tx, row: CorrectionLine, transactionId: number | null) =>
  tx.run(
    `INSERT INTO corrections (key, verb, request, result, lot_id, amount_nano, transaction_id, at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[row.key, row.verb, row.request, row.result, row.lot, row.nano, transactionId, row.atMs],
  )

export const insertMaturityRow = (tx: Tx, row: MaturityLine, transactionId: number, atMs: number) =>
  tx.run(
    `INSERT INTO earning_maturities (transaction_id, account_id, paid_day, promo_day, amount_nano, at_ms)
     VALUES (?, ?, ?, ?, ?, ?)`,
    ...[transactionId, row.account, row.paidDay, row.promoDay, row.nano, atMs],
  )

export const insertTake = (tx: Tx, row: TakeLine, transactionId: number) =>
  tx.run(
    `INSERT INTO earning_takes (id, transaction_id, account_id, day, source, amount_nano, at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ...[row.id, transactionId, row.account, row.day, row.source, row.nano, row.atMs],
  )

export const insertPayoutRow = (tx: Tx, row: NonNullable<TransactionLine["payoutRequested"]>, transactionId: number) =>
  tx.run(
    `INSERT INTO payouts (id, public_id, owner_id, mode, amount_nano, requested_ms, request_id, key)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[row.id, row.publicId, row.owner, row.mode, row.nano, row.requestedMs, transactionId, row.key],
  )

export const resolvePayoutRow = (tx: Tx, row: Pick<PayoutLine, "id" | "state" | "resolvedMs">, transactionId: number) =>
  tx.run(
    "UPDATE payouts SET state = ?, resolved_ms = ?, resolve_id = ? WHERE id = ? AND state = 'requested'",
    ...[row.state, row.resolvedMs, transactionId, row.id],
  )

/** Principals that own an account, by id. */
export const ownerIds = (sql: Reader): number[] =>
  sql
    .all<{ id: number }>(
      "SELECT DISTINCT owner_id AS id FROM accounts WHERE owner_kind = 'principal' ORDER BY owner_id",
    )
    .map((row) => row.id)
