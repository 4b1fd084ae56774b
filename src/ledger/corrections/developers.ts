// What developers earned with credits that were clawed back after they were spent: the newest calls and sales first, as far as it is still pending.
// What has matured is the developer's, and the platform bears it.
import { type AccountId, DAY_MS, type LotId, nano, TransactionId } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { type EntryInput, platformAccount } from "../books/store.ts"
import type { Mode } from "../books/types.ts"
import { giveBackEarningIn, takeBackEarningIn } from "../earnings/earnings.ts"
import { earningOfCharge, takenOfCharge } from "../earnings/store.ts"
import { shareOfEarning } from "./rules.ts"
import * as claws from "./store-claws.ts"

/** Newest calls that one claw-back looks at: more than anybody makes while their earnings are pending, and some 100 ms. */
const CALLS_MAX = 20_000

export interface FromDevelopers {
  /** To be posted with the claw-back: pending accounts debited, revenue credited. */
  entries: EntryInput[]
  takenNano: number
}

/** @param spentNano credits of these lots that were not there any more */
export function takeFromDevelopers(
  tx: Tx,
  input: { clawKey: string; accountId: AccountId; mode: Mode; lotIds: readonly LotId[]; lotKey: string },
  spentNano: number,
): FromDevelopers {
  const day = claws.firstPendingDay(tx)
  if (spentNano === 0 || day === null) return { entries: [], takenNano: 0 }
  const afterId = Math.max(claws.grantIdOf(tx, input.lotKey) ?? 0, firstChargeSince(tx, day * DAY_MS) - 1)
  const taken = new Map<AccountId, number>()
  let leftNano = spentNano
  const calls = claws.callsPaidBy(tx, input.accountId, input.lotIds, TransactionId(afterId), CALLS_MAX)
  const sales = claws.salesPaidBy(tx, input.accountId, input.lotIds, day * DAY_MS, CALLS_MAX)
  for (const call of [...calls, ...sales].sort((a, b) => b.id - a.id)) {
    if (leftNano === 0) break
    const countedNano = claws.countedOf(tx, call.id)
    const creditsNano = Math.min(leftNano, call.ofLotsNano - countedNano)
    if (creditsNano <= 0) continue
    leftNano -= creditsNano
    const earning = earningOfCharge(tx, call.id)
    const earnedNano = earning ? earning.paid - takenOfCharge(tx, call.id).paid : 0
    const amountNano = shareOfEarning(earnedNano, creditsNano, call.ofPaidNano - countedNano)
    const back = takeBackEarningIn(tx, { chargeId: call.id, amountNano, sources: ["paid"] })
    const { clawKey } = input
    claws.insertClawedCall(tx, {
      clawKey,
      chargeId: call.id,
      creditsNano: nano(creditsNano),
      earnedNano: nano(back.takenNano),
    })
    if (back.accountId !== null) taken.set(back.accountId, (taken.get(back.accountId) ?? 0) + back.takenNano)
  }
  return entriesOf(input.mode, taken, -1)
}

/** The other way round, when the claw-back is restored. */
export function giveToDevelopers(tx: Tx, clawKey: string, mode: Mode): FromDevelopers {
  const given = new Map<AccountId, number>()
  for (const { chargeId, earnedNano } of claws.earnedOfClaw(tx, clawKey)) {
    const accountId = giveBackEarningIn(tx, { chargeId, amountNano: earnedNano })
    given.set(accountId, (given.get(accountId) ?? 0) + earnedNano)
  }
  return entriesOf(mode, given, 1)
}

function entriesOf(mode: Mode, amounts: ReadonlyMap<AccountId, number>, sign: 1 | -1): FromDevelopers {
  const entries: EntryInput[] = []
  let takenNano = 0
  for (const [accountId, amountNano] of amounts) {
    if (amountNano === 0) continue
    entries.push({ accountId, amountNano: sign * amountNano, lotId: null })
    takenNano += amountNano
  }
  if (takenNano > 0)
    entries.push({ accountId: platformAccount(mode, "revenue"), amountNano: -sign * takenNano, lotId: null })
  return { entries, takenNano }
}

/** Charges stand in the order of time: found by halves. */
function firstChargeSince(tx: Tx, sinceMs: number): number {
  let from = 1
  let to = claws.lastChargeId(tx) + 1
  while (from < to) {
    const middle = Math.floor((from + to) / 2)
    const charge = claws.chargeFrom(tx, middle)
    if (charge && charge.atMs < sinceMs) from = charge.id + 1
    else to = middle
  }
  return from
}
