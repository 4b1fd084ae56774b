// Moves what outlives its lot to a new one, in the mutation that expires it. One transaction of type `subscription` per new lot: same
// wallet, sums to zero. A rolled-over lot has no terms, so it never rolls again.
import { type AccountId, type Ids, type LotId, nano } from "../../app/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import { post } from "../books/store.ts"
import type { Mode } from "../books/types.ts"
import { isDue, type LotMove, type LotState } from "./rules.ts"
import { planRollovers, type RollingLot } from "./rules-rollover.ts"
import { insertLot } from "./store.ts"
import { type ExpiringRow, expiringRow, hasRollover, rolledLots } from "./store-rollover.ts"

/** Must these lots be expired before anything is decided? True when one of them has credits to hand on. */
export const rollsOver = (sql: Reader, lots: readonly LotState[], now: number): boolean =>
  lots.some((lot) => isDue(lot, now) && lot.remainingNano > lot.heldNano && hasRollover(sql, lot.id))

export interface RolledOver {
  fromLotId: LotId
  lotId: LotId
  amountNano: number
  /** The new lot's time is over, too: its credits are to be expired in the same mutation. */
  isDue: boolean
}

/** `moves`: lots whose figures count `expiredNano` as expired already. */
export function rollOver(
  tx: Tx,
  ids: Ids,
  accountId: AccountId,
  mode: Mode,
  moves: readonly LotMove<LotState>[],
): RolledOver[] {
  const expiring = moves.map((move) => ({ ...move, row: expiringRow(tx, move.lot.id)! }))
  if (expiring.every(({ row }) => row.maxNano === null)) return []
  const gone = expiring.filter(({ row }) => row.rolledFrom !== null)
  const rolling = expiring.filter(({ row }) => row.maxNano !== null)
  const plan = planRollovers(
    rolling.map(({ row, expiredNano }) => rollingLot(row, expiredNano)),
    [
      ...rolledLots(tx, accountId),
      ...gone.map(({ row, expiredNano }) => ({ expiresMs: row.expiresMs, remainingNano: expiredNano })),
    ],
  )
  return plan.map(({ fromLotId, amountNano, effectiveMs, expiresMs }) => {
    const { lot, row } = rolling.find((one) => one.lot.id === fromLotId)!
    const key = `rollover:${row.publicId}:${row.rolledTimes + 1}`
    const lotId = insertLot(tx, {
      publicId: ids.next("lot"),
      accountId,
      bucket: row.bucket,
      paid: lot.paid === 1,
      priority: lot.priority,
      restriction: lot.restriction,
      grantedNano: nano(amountNano),
      effectiveMs,
      expiresMs,
      rollover: null,
      rolledFrom: fromLotId,
      frozen: lot.frozen,
      key,
    })
    const entries = [
      { accountId, amountNano: -amountNano, lotId: fromLotId },
      { accountId, amountNano, lotId },
    ]
    post(tx, ids, { type: "subscription", mode, key, entries, actor: "system:expiry", reason: "credits rolled over" })
    return { fromLotId, lotId, amountNano, isDue: expiresMs <= tx.now }
  })
}

/** Due lots as they go on once their rollover is posted; for reads, which write nothing. */
export function rolledOverAt<L extends LotState>(
  sql: Reader,
  accountId: AccountId,
  lots: readonly L[],
  now: number,
): L[] {
  const due = lots.filter((lot) => isDue(lot, now) && lot.remainingNano > lot.heldNano)
  const rolling = due.flatMap((lot) => {
    const row = hasRollover(sql, lot.id) ? expiringRow(sql, lot.id) : null
    return row ? [rollingLot(row, lot.remainingNano - lot.heldNano)] : []
  })
  if (rolling.length === 0) return []
  const plan = planRollovers(rolling, rolledLots(sql, accountId)).filter((one) => one.expiresMs > now)
  return plan.map(({ fromLotId, amountNano, effectiveMs, expiresMs }) => {
    const lot = due.find((one) => one.id === fromLotId)!
    return { ...lot, grantedNano: amountNano, remainingNano: amountNano, heldNano: 0, effectiveMs, expiresMs }
  })
}

const rollingLot = (row: ExpiringRow, freeNano: number): RollingLot => ({
  id: row.id,
  expiresMs: row.expiresMs,
  freeNano,
  maxNano: row.maxNano!,
  capNano: row.capNano,
  lifetimeMs: row.lifetimeMs,
  rolledBeforeNano: row.rolledBeforeNano,
})
