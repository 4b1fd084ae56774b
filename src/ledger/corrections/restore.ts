// Undoes a claw-back when the money came after all: a refund failed, or a dispute was won. And ends one that is lost. What was taken comes back
// to its lots, what had expired to breakage, the debt is lifted; where it was repaid meanwhile, as much is given anew. Developers get back what was taken from them.
import { AppError, type Ids, invariant, type LotId, nano } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { type EntryInput, ensureAccount, findWallet, platformAccount, post } from "../books/store.ts"
import { repayDebtIn } from "../lots/debt.ts"
import { expireDueLots } from "../lots/expire.ts"
import { DEFAULT_PRIORITY } from "../lots/rules.ts"
import { insertLot, shiftLot } from "../lots/store.ts"
import { insertRepay, lateRepaid, owedClaws } from "../lots/store-claws.ts"
import { ownerOf } from "./clawback.ts"
import { giveToDevelopers } from "./developers.ts"
import { once } from "./once.ts"
import { assertRoom, expireGiven } from "./refund.ts"
import { correctionAndEnd, type Ended, entriesOf, type LotFull, lotById } from "./store.ts"
import type {
  ClawBackInput,
  ClawThrough,
  RestoreClawInput,
  RestoredClaw,
  SettleDisputeInput,
  SettledDispute,
} from "./types.ts"

export function restoreClawIn(tx: Tx, ids: Ids, input: RestoreClawInput): RestoredClaw {
  const { clawKey, key } = input
  return once(tx, { key, verb: "restore_claw", request: { clawKey }, ofKey: clawKey }, () => {
    const claw = standingClaw(tx, clawKey)
    const answer = restore(tx, ids, claw, input)
    return { answer, lotId: claw.lotId!, amountNano: claw.amountNano }
  })
}

export function settleDisputeIn(tx: Tx, ids: Ids, { clawKey, key }: SettleDisputeInput): SettledDispute {
  return once(tx, { key, verb: "settle_dispute", request: { clawKey }, ofKey: clawKey }, () => {
    const claw = standingClaw(tx, clawKey)
    if (throughOf(claw) !== "disputes" || claw.settled !== null)
      throw new AppError("conflict", "Nothing of this waits for a dispute.")
    const { mode } = lotById(tx, claw.lotId!)!
    const { publicId } = post(tx, ids, {
      type: "adjustment",
      mode,
      key,
      entries: [
        { accountId: platformAccount(mode, "disputes"), amountNano: -claw.amountNano, lotId: null },
        { accountId: platformAccount(mode, "cash"), amountNano: claw.amountNano, lotId: null },
      ],
    })
    return { answer: { transactionId: publicId, lostNano: claw.amountNano }, lotId: claw.lotId!, amountNano: nano(0) }
  })
}

/** @throws AppError not_found, conflict when it was undone already */
function standingClaw(tx: Tx, key: string): Ended {
  const claw = correctionAndEnd(tx, key)
  if (claw?.verb !== "claw_back") throw new AppError("not_found", "There is no such claw-back.")
  if (claw.restored !== null || claw.isReversed === 1) throw new AppError("conflict", "This was undone already.")
  return claw
}

const throughOf = ({ request }: Ended): ClawThrough => (JSON.parse(request) as ClawBackInput).through

function restore(tx: Tx, ids: Ids, claw: Ended, { clawKey, key }: RestoreClawInput): Omit<RestoredClaw, "already"> {
  const nothing = {
    brokenNano: nano(0),
    restoredNano: nano(0),
    debtLiftedNano: nano(0),
    grantedNano: nano(0),
    expiredNano: nano(0),
  }
  if (claw.transactionId === null)
    return { transactionId: null, ...nothing, repaidNano: nano(0), toDevelopersNano: nano(0) }
  const lot = lotById(tx, claw.lotId!)!
  const owner = ownerOf(tx, lot)
  assertRoom(tx, lot.accountId, claw.amountNano)
  expireDueLots(tx, ids, lot.accountId, lot.mode)
  const moved = entriesOf(tx, claw.transactionId)
  const brokeNano = -moved.reduce((sum, { kind, amountNano }) => sum + (kind === "breakage" ? amountNano : 0), 0)
  const gives = moved
    .filter(({ lotId }) => lotId !== null)
    .map(({ lotId, amountNano }) => ({ lotId: lotId!, amountNano: -amountNano }))
  const restoredNano = gives.reduce((sum, give) => sum + give.amountNano, 0)
  const owedNano = findWallet(tx, owner, lot.mode)?.debtNano ?? 0
  const lateNano = lateRepaid(tx, clawKey)
  const others = othersPaid(tx, lot.id, clawKey, brokeNano + lateNano)
  const brokenNano = brokeNano + lateNano - others.paidNano
  const wasOwedNano = claw.amountNano - restoredNano - brokenNano
  const debtLiftedNano = Math.min(wasOwedNano, owedNano)
  const grantedNano = wasOwedNano - debtLiftedNano

  const entries: EntryInput[] = gives.map((give) => ({ accountId: lot.accountId, ...give }))
  if (grantedNano > 0)
    entries.push({ accountId: lot.accountId, amountNano: grantedNano, lotId: anew(tx, ids, lot, grantedNano, key) })
  if (debtLiftedNano > 0)
    entries.push({ accountId: ensureAccount(tx, owner, lot.mode, "debt"), amountNano: debtLiftedNano, lotId: null })
  if (brokenNano > 0)
    entries.push({ accountId: platformAccount(lot.mode, "breakage"), amountNano: brokenNano, lotId: null })
  const from = claw.settled === null ? throughOf(claw) : "cash"
  entries.push({ accountId: platformAccount(lot.mode, from), amountNano: -claw.amountNano, lotId: null })
  const developers = giveToDevelopers(tx, clawKey, lot.mode)
  const { id, publicId } = post(tx, ids, {
    type: "refund",
    mode: lot.mode,
    key,
    entries: [...entries, ...developers.entries],
  })
  for (const { clawKey, amountNano } of others.paid)
    insertRepay(tx, { clawKey, transactionId: id, lotId: lot.id, amountNano: nano(amountNano), late: 1 })
  for (const { lotId, amountNano } of gives) shiftLot(tx, lotId, { clawedNano: -amountNano })
  const expiredNano = expireGiven(tx, ids, lot.accountId, lot.mode, gives, clawKey)
  return {
    transactionId: publicId,
    brokenNano: nano(brokenNano),
    restoredNano: nano(restoredNano),
    debtLiftedNano: nano(debtLiftedNano),
    grantedNano: nano(grantedNano),
    expiredNano: nano(expiredNano),
    repaidNano: repayDebtIn(tx, ids, owner, lot.mode, clawKey),
    toDevelopersNano: nano(developers.takenNano),
  }
}

/** What breaks of it pays first what other claw-backs of the lot left owed: they would have found it there. */
function othersPaid(tx: Tx, lotId: LotId, clawKey: string, backNano: number) {
  const paid: { clawKey: string; amountNano: number }[] = []
  let leftNano = backNano
  for (const other of owedClaws(tx, lotId, clawKey)) {
    const amountNano = Math.min(other.leftNano, leftNano)
    if (amountNano === 0) break
    leftNano -= amountNano
    paid.push({ clawKey: other.key, amountNano })
  }
  return { paid, paidNano: backNano - leftNano }
}

/** Paid for, like those that repaid the debt, wherever these came from; they never expire. */
function anew(tx: Tx, ids: Ids, lot: LotFull, grantedNano: number, key: string): LotId {
  invariant(lot.paid === 1, "only what was paid for is owed")
  return insertLot(tx, {
    publicId: ids.next("lot"),
    accountId: lot.accountId,
    bucket: "purchase",
    paid: true,
    priority: DEFAULT_PRIORITY,
    restriction: null,
    grantedNano: nano(grantedNano),
    effectiveMs: tx.now,
    expiresMs: null,
    rollover: null,
    key,
  })
}
