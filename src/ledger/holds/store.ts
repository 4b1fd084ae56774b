// SQL of holds, of the lots under them and of the app's day, as fixed texts. Decides nothing.
import {
  type AccountId,
  type ClientId,
  type HoldId,
  invariant,
  type LotId,
  nano,
  type PrincipalId,
  type TransactionId,
} from "../../app/index.ts"
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import type { Mode } from "../books/types.ts"
import type { LotState, Take } from "../lots/rules.ts"
import { LOT_STATE } from "../lots/store.ts"
import type { HeldLot } from "./rules.ts"
import { holdLots, holds, limitDays } from "./tables.ts"
import type { Charge, HoldStage } from "./types.ts"

const LOTS_UNDER_HOLD = `SELECT ${LOT_STATE},
    COALESCE((SELECT h.amount_nano FROM hold_lots h WHERE h.hold_id = ? AND h.lot_id = l.id), 0) AS allocatedNano
  FROM lots l WHERE l.account_id = ? AND l.unspent = 1`

/**
 * Unspent lots with what one hold reserved on each; a reserved lot is always one of them. (Rows of a JOIN cost bun:sqlite about ten
 * times those of a subselect, so hot statements have no JOIN.)
 */
export const lotsUnderHold = (sql: Reader, accountId: AccountId, holdId: HoldId): HeldLot[] =>
  sql.all<HeldLot>(LOTS_UNDER_HOLD, holdId, accountId)

type Hold = typeof holds.$inferSelect

/** Parts are in `takes`; `id` is given by the database. */
export type NewHold = Omit<typeof holds.$inferInsert, "id">

export function insertHold(tx: Tx, hold: NewHold, takes: Take<LotState>[]): HoldId {
  const id = insertRow(tx, holds, hold)
  for (let seq = 0; seq < takes.length; seq++) {
    const { lot, amountNano } = takes[seq]!
    tx.run("UPDATE lots SET held_nano = held_nano + ? WHERE id = ?", amountNano, lot.id)
    insertRow(tx, holdLots, { holdId: id, lotId: lot.id, seq, amountNano: nano(amountNano) })
  }
  return id
}

/** What settling asks of a hold. */
export interface HoldRow
  extends Omit<
    Hold,
    "bootId" | "leaseUntilMs" | "createdMs" | "resolvedMs" | "raisedMs" | "promoEarnedNano" | ChargeColumn
  > {
  mode: Mode
}
type ChargeColumn = "chargeNano" | "chargeUpstreamNano" | "chargeDeveloperNano" | "chargePlatformNano"

export const findHold = (sql: Reader, id: HoldId): HoldRow | null =>
  sql.get<HoldRow>(
    `SELECT id, account_id AS accountId, (SELECT mode FROM accounts WHERE id = account_id) AS mode, call_id AS callId,
            reason, client_id AS clientId, scope, limit_scope AS limitScope, day, amount_nano AS amountNano, stage,
            input_cost_nano AS inputCostNano, known_cost_nano AS knownCostNano, split_upstream AS splitUpstream,
            split_developer AS splitDeveloper, split_platform AS splitPlatform, developer_id AS developerId,
            promo_cap_nano AS promoCapNano, state, transaction_id AS transactionId, collected_nano AS collectedNano, uncollected_nano AS uncollectedNano
     FROM holds WHERE id = ?`,
    id,
  )

export const markHold = (tx: Tx, id: HoldId, stage: HoldStage, knownCostNano: number, leaseUntilMs: number): boolean =>
  tx.run(
    `UPDATE holds SET stage = CASE stage WHEN 'streaming' THEN stage ELSE ? END,
                      known_cost_nano = max(known_cost_nano, ?), lease_until_ms = max(lease_until_ms, ?)
     WHERE id = ? AND state = 'open'`,
    stage,
    knownCostNano,
    leaseUntilMs,
    id,
  ).changes === 1

export interface Resolution {
  state: "settled" | "released"
  transactionId: TransactionId | null
  charge: Charge
  developerId: PrincipalId | null
  collectedNano: number
  uncollectedNano: number
  promoEarnedNano: number
}

export function resolveHold(tx: Tx, id: HoldId, end: Resolution): void {
  const { changes } = tx.run(
    `UPDATE holds SET state = ?, resolved_ms = ?, transaction_id = ?, charge_nano = ?, charge_upstream_nano = ?,
                      charge_developer_nano = ?, charge_platform_nano = ?, collected_nano = ?, uncollected_nano = ?,
                      developer_id = ?, promo_earned_nano = ?
     WHERE id = ? AND state = 'open'`,
    end.state,
    tx.now,
    end.transactionId,
    end.charge.totalNano,
    end.charge.upstreamNano,
    end.charge.developerNano,
    end.charge.platformNano,
    end.collectedNano,
    end.uncollectedNano,
    end.developerId,
    end.promoEarnedNano,
    id,
  )
  invariant(changes === 1, "a hold resolves once")
}

/** What a transaction took from which lots, in order. */
export const takesOf = (
  sql: Reader,
  transactionId: TransactionId,
): { lotId: LotId; amountNano: number; paid: number }[] =>
  sql.all(
    `SELECT e.lot_id AS lotId, -e.amount_nano AS amountNano, l.paid
     FROM entries e JOIN lots l ON l.id = e.lot_id WHERE e.transaction_id = ? ORDER BY e.seq`,
    transactionId,
  )

export const publicIdOf = (sql: Reader, transactionId: TransactionId): string | null =>
  sql.get<{ publicId: string }>("SELECT public_id AS publicId FROM transactions WHERE id = ?", transactionId)
    ?.publicId ?? null

export const limitDay = (
  sql: Reader,
  accountId: AccountId,
  clientId: ClientId,
  scope: string,
  day: number,
): { usedNano: number; heldNano: number } =>
  sql.get<{ usedNano: number; heldNano: number }>(
    `SELECT used_nano AS usedNano, held_nano AS heldNano FROM limit_day
     WHERE account_id = ? AND client_id = ? AND scope = ? AND day = ?`,
    accountId,
    clientId,
    scope,
    day,
  ) ?? { usedNano: nano(0), heldNano: 0 }

export function holdLimit(tx: Tx, row: Omit<typeof limitDays.$inferInsert, "usedNano">): void {
  insertRow(
    tx,
    limitDays,
    {
      accountId: row.accountId,
      clientId: row.clientId,
      scope: row.scope,
      day: row.day,
      usedNano: nano(0),
      heldNano: row.heldNano,
    },
    "ON CONFLICT DO UPDATE SET held_nano = held_nano + excluded.held_nano",
  )
}

/** Ends a hold's share of its day: what was held becomes what was used. */
export function useLimit(tx: Tx, hold: HoldRow, usedNano: number): void {
  if (hold.clientId === null || hold.limitScope === null) return
  const { changes } = tx.run(
    `UPDATE limit_day SET held_nano = held_nano - ?, used_nano = used_nano + ?
     WHERE account_id = ? AND client_id = ? AND scope = ? AND day = ?`,
    hold.amountNano,
    usedNano,
    hold.accountId,
    hold.clientId,
    hold.limitScope,
    hold.day,
  )
  invariant(changes === 1, "a counted hold has its limit_day row")
}

export const holdsOfOtherBoots = (sql: Reader, bootId: string, afterId: number, limit: number) =>
  sql.all<{ id: HoldId; callId: string }>(
    `SELECT id, call_id AS callId FROM holds INDEXED BY holds_open WHERE state = 'open' AND boot_id <> ? AND id > ? ORDER BY id LIMIT ?`,
    bootId,
    afterId,
    limit,
  )

export const overdueHolds = (sql: Reader, now: number, afterId: number, limit: number) =>
  sql.all<{ id: HoldId; callId: string }>(
    `SELECT id, call_id AS callId FROM holds INDEXED BY holds_open WHERE state = 'open' AND lease_until_ms <= ? AND id > ? ORDER BY id LIMIT ?`,
    now,
    afterId,
    limit,
  )
