// For tests of charges only: many calls at once, and what apps used by the slowest way there is.
import { ClientId, dayOf } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import type { HoldInput, Settled } from "../holds/types.ts"
import { ANN, chargeOf, ctx, DEV, holdOf, type Kit, type Plain } from "../testing.ts"

/** One call inside a mutation. */
export function callIn(k: Kit, tx: Tx, amountNano: number, more: Partial<Plain<HoldInput>> = {}): Settled {
  const hold = k.ledger.holdIn(tx, holdOf(amountNano, more) as HoldInput)
  return k.ledger.settleIn(tx, { hold, charge: chargeOf(amountNano), developer: DEV })
}

/** That many calls of 1 n$ and more in one mutation. @returns their `txn_…` */
export const calls = (k: Kit, count: number, more: Partial<Plain<HoldInput>> = {}): Promise<string[]> =>
  k.store.write(ctx, (tx) =>
    Array.from({ length: count }, (_, index) => callIn(k, tx, 1 + (index % 7), more).transactionId!),
  )

/** What Ann's calls through an app used of the day of their holds, less what came back: from single charges and entries. */
export function trulyUsed(k: Kit, clientId: number, scope = "llm", day = dayOf(k.clock.now())): number {
  return k.store.read.get<{ nano: number }>(
    `SELECT COALESCE(SUM(c.collected_nano - COALESCE((
       SELECT SUM(e.amount_nano) FROM transactions t JOIN entries e ON e.transaction_id = t.id
       WHERE t.charge_id = c.id AND e.lot_id IS NOT NULL), 0)), 0) AS nano
     FROM charges c JOIN accounts a ON a.id = c.account_id
     WHERE a.owner_id = ? AND c.client_id = ? AND c.scope = ? AND c.held_day = ?`,
    ANN.id,
    clientId,
    scope,
    day,
  )!.nano
}

export const usedToday = (k: Kit, clientId: number, scope = "llm"): number =>
  k.ledger.usedToday(ANN, ClientId(clientId), scope).usedNano

export const foldedThrough = (k: Kit): number =>
  k.store.read.get<{ through: number }>("SELECT through FROM charge_fold")!.through
