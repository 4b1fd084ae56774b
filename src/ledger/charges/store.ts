// SQL of charges, as fixed texts: the row and its lots, what was charged for a call, days and their fold. Decides nothing.
import { SQLiteError } from "bun:sqlite"
import { type AccountId, invariant, type LotId, type TransactionId } from "../../app/index.ts"
import { columnsOf, findRow, inserter, type Reader, type Tx } from "../../store/index.ts"
import { chargeLots, charges } from "./tables.ts"
import type { AppUse } from "./used.ts"

export type ChargeRow = typeof charges.$inferSelect

const insertChargeRow = inserter(charges)

/** @returns false, and nothing is written, when this call has been charged */
export function insertCharge(tx: Tx, row: ChargeRow): boolean {
  try {
    insertChargeRow(tx, row)
    return true
  } catch (error) {
    // `call_id` is all that is unique but the row id, which has a code of its own. The statement alone is undone.
    if (error instanceof SQLiteError && error.code === "SQLITE_CONSTRAINT_UNIQUE") return false
    throw error
  }
}

export function insertChargeLots(tx: Tx, chargeId: TransactionId, lots: readonly (readonly [LotId, number])[]): void {
  for (let seq = 0; seq < lots.length; seq++) {
    const [lotId, amountNano] = lots[seq]!
    tx.run(CHARGE_LOT, chargeId, seq, lotId, amountNano)
  }
}
const CHARGE_LOT = "INSERT INTO charge_lots (charge_id, seq, lot_id, amount_nano) VALUES (?, ?, ?, ?)"

export const chargeOfCall = (sql: Reader, callId: string): ChargeRow | null =>
  findRow(sql, charges, "call_id = ?", callId)

/** What a charge took from which lots, in the order they were spent. */
export const lotsOfCharge = (sql: Reader, row: Pick<ChargeRow, "id" | "lotId" | "collectedNano">): [LotId, number][] =>
  row.lotId !== null
    ? [[row.lotId, row.collectedNano]]
    : sql
        .all<typeof chargeLots.$inferSelect>(
          `SELECT ${columnsOf(chargeLots)} FROM charge_lots WHERE charge_id = ? ORDER BY seq`,
          row.id,
        )
        .map(({ lotId, amountNano }) => [lotId, amountNano])

export const isPaidLot = (sql: Reader, lotId: LotId): boolean =>
  sql.get<{ paid: number }>("SELECT paid FROM lots WHERE id = ?", lotId)?.paid === 1

/** Apps that wallet ?1 was charged through, by steps from one to the next. The last row is NULL: calls without an app. */
export const APPS_OF_WALLET = `WITH RECURSIVE app (id) AS (
    SELECT (SELECT MIN(client_id) FROM charges WHERE account_id = ?1)
    UNION ALL
    SELECT (SELECT MIN(client_id) FROM charges WHERE account_id = ?1 AND client_id > app.id) FROM app WHERE app.id IS NOT NULL)`

export const foldedThrough = (sql: Reader): number =>
  sql.get<{ through: number }>("SELECT through FROM charge_fold")!.through

/** Key and sums of `charge_days`, as an aggregate over charges. Used by the folds, by reads of what is not folded, and by the proof. */
export const DAY_KEY = `at_ms / 86400000 AS day, account_id, COALESCE(client_id, 0) AS client_id, scope,
  COALESCE(route_id, 0) AS route_id, COALESCE(held_day, -1) AS held_day, caller_id`
export const DAY_SUMS = `COUNT(*) AS calls, SUM(error_code IS NOT NULL AND end_reason <> 'client_gone') AS errors,
  SUM(input_tokens) AS input_tokens, SUM(output_tokens) AS output_tokens, SUM(latency_ms) AS latency_ms,
  SUM(charge_nano) AS charge_nano, SUM(upstream_nano) AS upstream_nano, SUM(earned_nano) AS earned_nano,
  SUM(collected_nano) AS collected_nano`
export const SUMMED = [
  "calls",
  "errors",
  "input_tokens",
  "output_tokens",
  "latency_ms",
  "charge_nano",
  "upstream_nano",
  "earned_nano",
  "collected_nano",
] as const

const ADDED = SUMMED.map((name) => `${name} = ${name} + excluded.${name}`).join(", ")
const FOLD = `INSERT INTO charge_days (day, account_id, client_id, scope, route_id, held_day, caller_id, ${SUMMED.join(", ")})
  SELECT ${DAY_KEY}, ${DAY_SUMS} FROM charges WHERE id > ? AND id <= ? GROUP BY 1, 2, 3, 4, 5, 6, 7
  ON CONFLICT DO UPDATE SET ${ADDED}`
const FOLD_CLIENTS = `INSERT INTO charge_client_days (client_id, day, ${SUMMED.join(", ")})
  SELECT COALESCE(client_id, 0), at_ms / 86400000, ${DAY_SUMS} FROM charges WHERE id > ? AND id <= ? GROUP BY 1, 2
  ON CONFLICT DO UPDATE SET ${ADDED}`

/** Adds charges with ids above `from`, up to and with `to`, to their days and to those of their apps. */
export function foldCharges(tx: Tx, from: number, to: number): void {
  tx.run(FOLD, from, to)
  tx.run(FOLD_CLIENTS, from, to)
  const { changes } = tx.run("UPDATE charge_fold SET through = ? WHERE through = ?", to, from)
  invariant(changes === 1, "charges are folded once, in order")
}

/** Collected of an app, caller, scope and day of holds, less what came back: folded days of settling from that day to `today`, and the tail. */
export function usedOfApp(
  sql: Reader,
  accountId: AccountId,
  { clientId, callerId, scope }: AppUse,
  heldDay: number,
  today: number,
): number {
  let usedNano = sql.get<{ nano: number }>(TAIL_USED, accountId, clientId, scope, heldDay, callerId)!.nano
  for (let day = heldDay; day <= today; day++) {
    usedNano += sql.get<{ nano: number }>(DAY_USED, day, accountId, clientId, scope, heldDay, callerId)!.nano
  }
  return usedNano
}
const DAY_USED = `SELECT COALESCE(SUM(collected_nano - back_nano), 0) AS nano FROM charge_days
  WHERE day = ? AND account_id = ? AND client_id = ? AND scope = ? AND held_day = ? AND caller_id = ?`
const TAIL_USED = `SELECT COALESCE(SUM(collected_nano), 0) AS nano FROM charges INDEXED BY charges_of_app
  WHERE account_id = ? AND client_id = ? AND (collected_nano > 0) = 1 AND id > (SELECT through FROM charge_fold)
    AND scope = ? AND held_day = ? AND caller_id = ?`

/** What came back of a charge counts at once, on the charge's day. Below 0 it is taken again: a row has it then (CHECK looks first). */
export function addBack(tx: Tx, chargeId: TransactionId, amountNano: number): void {
  tx.run(
    `INSERT INTO charge_days (day, account_id, client_id, scope, route_id, held_day, caller_id, back_nano)
     SELECT ${DAY_KEY}, max(?1, 0) FROM charges WHERE id = ?2
     ON CONFLICT DO UPDATE SET back_nano = back_nano + ?1`,
    amountNano,
    chargeId,
  )
}

/** What open holds of that UTC day keep of it. */
export const heldOfApp = (
  sql: Reader,
  accountId: AccountId,
  { clientId, callerId, scope }: AppUse,
  day: number,
): number =>
  sql.get<{ nano: number }>(
    `SELECT COALESCE(SUM(amount_nano), 0) AS nano FROM open_holds
     WHERE account_id = ? AND client_id = ? AND scope = ? AND caller_id = ? AND limited = 1 AND created_ms / 86400000 = ?`,
    accountId,
    clientId,
    scope,
    callerId,
    day,
  )!.nano
