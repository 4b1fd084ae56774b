// For tests of corrections: calls that were charged, refusals that write nothing, races for one effect.
import { expect } from "bun:test"
import { type AppError, ClientId, DAY_MS, HOUR_MS } from "../../app/index.ts"
import type { HoldInput, LotDetail, Settled } from "../index.ts"
import { ANN, chargeOf, DEV, everything, type Kit, type Plain, person, refused } from "../testing.ts"

/** Holds and settles a call that costs `totalNano`, of which the developer gets a quarter. */
export async function charged(k: Kit, totalNano: number, more: Partial<Plain<HoldInput>> = {}): Promise<Settled> {
  const hold = await k.hold(totalNano, more)
  return k.write.settle({ hold, charge: chargeOf(totalNano), developer: DEV })
}

/** The same, of which no developer gets anything. */
export async function chargedAlone(k: Kit, totalNano: number, more: Partial<Plain<HoldInput>> = {}): Promise<Settled> {
  const hold = await k.hold(totalNano, more)
  const charge = { totalNano, upstreamNano: totalNano, developerNano: 0, platformNano: 0 }
  return k.write.settle({ hold, charge, developer: null })
}

/** The act is refused, and every row of the ledger stands as before. */
export async function untouched(k: Kit, act: () => Promise<unknown>): Promise<AppError> {
  const before = everything(k.store.read)
  const error = await refused(act())
  expect(everything(k.store.read)).toBe(before)
  return error
}

/** A hundred at once. */
export const hundred = <T>(act: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: 100 }, (_, index) => act(index)))

export function lotOf(k: Kit, lotId: number, owner = ANN): LotDetail {
  const lot = k.ledger.lotsOf(owner, "live", { dead: true, limit: 200 }).find((one) => one.id === lotId)
  if (!lot) throw new Error(`no lot ${lotId}`)
  return lot
}

/** A lot's figures as numbers: granted, remaining, consumed, expired, voided, clawed. */
export function figures(k: Kit, lotId: number): number[] {
  const lot = lotOf(k, lotId)
  return [lot.grantedNano, lot.remainingNano, lot.consumedNano, lot.expiredNano, lot.voidedNano, lot.clawedNano]
}

export const txnOf = (k: Kit, lotId: number): string =>
  k.store.read.get<{ id: string }>(
    "SELECT t.public_id AS id FROM lots l JOIN transactions t ON t.key = l.key WHERE l.id = ?",
    lotId,
  )!.id

export const EVE = person(4)
const FAY = person(5)
const GIL = person(6)

/** Adds to any books: a rollover, partial and full refunds, a reversal, a claw-back with debt, its repayment, a void, a raise. */
export async function correctionBooks(k: Kit): Promise<void> {
  const paid = { owner: EVE, paid: true, type: "topup", bucket: "purchase" } as const
  const limit = { clientId: ClientId(5), dailyNano: 10_000 }
  const eve = { owner: EVE, ...limit }
  await k.grant(200, {
    ...paid, type: "subscription", bucket: "subscription", key: "cycle", expiresMs: k.clock.now() + HOUR_MS,
    rollover: { maxNano: 90, capNano: 90, lifetimeMs: 100 * DAY_MS },
  }) // biome-ignore format: one grant
  const one = await charged(k, 80, eve)
  k.clock.advance(HOUR_MS)
  await k.ledger.expireDue()
  await k.write.refundCharge({ transactionId: one.transactionId!, amountNano: 30, key: "refund 1" })
  await k.grant(300, { ...paid, key: "order" })
  const hold = await k.hold(50, eve)
  await k.write.raise(hold, 100)
  await k.write.settle({ hold, charge: chargeOf(150), developer: DEV })
  const two = await charged(k, 60, eve)
  await k.write.refundCharge({ transactionId: two.transactionId!, key: "refund 2" })
  const three = await charged(k, 40, eve)
  await k.write.reverse({ transactionId: three.transactionId! })
  await k.write.clawBack({ lotKey: "order", amountNano: 280, through: "cash", key: "claw" })
  const gift = await k.grant(40, { owner: EVE })
  await k.grant(100, { ...paid, key: "order 2" })
  await k.write.voidLot({ lotId: lotOf(k, gift, EVE).publicId, key: "void" })
  await k.write.adjust({ owner: EVE, mode: "live", amountNano: 25, key: "up" })
  await k.write.adjust({ owner: EVE, mode: "live", amountNano: -20, key: "down" })
  await k.write.setBalance({ owner: EVE, mode: "live", balanceNano: 45, key: "set" })
  await k.write.clawBack({ lotKey: "cycle", amountNano: 10, through: "cash", key: "claw broken" })
  await clawBooks(k)
  await heldBooks(k)
}

/** Adds: claw-backs of credits that a developer had earned with, one restored, one whose dispute is lost, one that waits; freezes. */
async function clawBooks(k: Kit): Promise<void> {
  const paid = { owner: FAY, paid: true, type: "topup", bucket: "purchase" } as const
  await k.grant(100, { ...paid, key: "won" })
  await charged(k, 80, { owner: FAY })
  await k.write.clawBack({ lotKey: "won", amountNano: 100, through: "disputes", key: "claw won" })
  await k.write.restoreClaw({ clawKey: "claw won", key: "won back" })
  await k.grant(100, { ...paid, key: "lost" })
  await k.write.clawBack({ lotKey: "lost", amountNano: 30, through: "disputes", key: "claw lost" })
  await k.write.settleDispute({ clawKey: "claw lost", key: "lost it" })
  await k.write.clawBack({ lotKey: "lost", amountNano: 20, through: "disputes", key: "claw open" })
  await k.write.clawBack({ lotKey: "won", amountNano: 60, through: "cash", key: "claw spent" })
  await k.write.freezeLot({ lotKey: "lost", key: "freeze" })
  await k.write.freezeLot({ lotKey: "won", key: "freeze 2" })
  await k.write.thawLot({ freezeKey: "freeze 2", key: "thaw" })
  await k.grant(100, { ...paid, key: "paid", priority: 10 })
  k.clock.advance(1)
  await charged(k, 10, { owner: FAY })
}

/** Adds: a claw-back of credits that two calls held beyond their time: one gave back what was owed, the other what was repaid meanwhile. */
async function heldBooks(k: Kit): Promise<void> {
  const paid = { owner: GIL, paid: true, type: "topup", bucket: "purchase" } as const
  await k.grant(100, { ...paid, key: "held", expiresMs: k.clock.now() + HOUR_MS })
  const holds = [await k.hold(30, { owner: GIL }), await k.hold(50, { owner: GIL })]
  k.clock.advance(HOUR_MS)
  await k.write.clawBack({ lotKey: "held", amountNano: 100, through: "cash", key: "claw held" })
  await k.write.release(holds[0]!)
  await k.grant(90, { ...paid, key: "held, next" })
  await k.write.release(holds[1]!)
}

const ROLLED = "rolled_from IS NOT NULL"
const EVES = "(SELECT id FROM accounts WHERE kind = 'debt' AND owner_id = 4)"
const REFUNDS = "(SELECT id FROM transactions WHERE type = 'refund' AND charge_id IS NOT NULL)"

export const CORRECTION_CORRUPTIONS: [check: string, sql: string][] = [
  ["rollovers", `UPDATE lots SET rolled_from = 1 WHERE ${ROLLED}`],
  ["rollovers", `UPDATE lots SET expires_ms = expires_ms + 1 WHERE ${ROLLED}`],
  ["rollovers", `UPDATE lots SET effective_ms = effective_ms - 1 WHERE ${ROLLED}`],
  ["rollovers", `UPDATE lots SET paid = 0 WHERE ${ROLLED}`],
  ["rollovers", `UPDATE lots SET rollover_max_nano = 1, rollover_lifetime_ms = 1 WHERE ${ROLLED}`],
  ["rollovers", "UPDATE lots SET rollover_max_nano = 89 WHERE key = 'cycle'"],
  ["rollovers", "UPDATE lots SET rollover_cap_nano = 89 WHERE key = 'cycle'"],
  ["rollovers", "UPDATE lots SET rollover_max_nano = NULL WHERE key = 'cycle'"],
  ["rollovers", `UPDATE lots SET rolled_from = NULL WHERE ${ROLLED}`],
  ["lots_alive", "UPDATE lots SET expires_ms = expires_ms + 86400000 WHERE key = 'cycle'"],
  ["refunds_bounded", `UPDATE entries SET amount_nano = 81 WHERE lot_id IS NOT NULL AND transaction_id IN ${REFUNDS}`],
  [
    "refunds_bounded",
    `UPDATE entries SET lot_id = (SELECT id FROM lots WHERE key = 'order 2')
     WHERE lot_id IS NOT NULL AND transaction_id IN ${REFUNDS}`,
  ],
  ["charge_days", "UPDATE transactions SET charge_id = NULL WHERE type = 'refund'"],
  ["charge_days", "UPDATE charge_days SET back_nano = back_nano + 30 WHERE client_id = 5"],
  ["hold_resolved_once", "UPDATE transactions SET charge_id = (SELECT MIN(id) FROM charges) WHERE type = 'debt'"],
  ["lot_entries", "UPDATE lots SET voided_nano = 0, clawed_nano = clawed_nano + voided_nano WHERE voided_nano > 0"],
  ["lot_entries", "UPDATE lots SET clawed_nano = 0, consumed_nano = consumed_nano + clawed_nano WHERE clawed_nano > 0"],
  ["lot_entries", "UPDATE transactions SET type = 'adjustment' WHERE type = 'debt'"],
  ["reversals_once", "UPDATE transactions SET reverses = 1 WHERE type = 'reversal'"],
  [
    "reversals_once",
    `UPDATE entries SET lot_id = (SELECT id FROM lots WHERE key = 'cycle')
     WHERE lot_id IS NOT NULL AND transaction_id = (SELECT id FROM transactions WHERE type = 'reversal')`,
  ],
  ["debts", `UPDATE accounts SET balance_nano = 5 WHERE id = ${EVES}`],
  ["debts", "UPDATE lots SET paid = 0 WHERE key = 'order 2'"],
  ["debts", "UPDATE transactions SET type = 'fee' WHERE type = 'debt'"],
  ["corrections", "UPDATE corrections SET amount_nano = amount_nano + 1 WHERE verb = 'void_lot'"],
  ["corrections", "UPDATE corrections SET amount_nano = amount_nano + 1 WHERE verb = 'claw_back'"],
  ["corrections", "UPDATE corrections SET key = 'another' WHERE verb = 'adjust' AND amount_nano > 0"],
  ["corrections", "UPDATE corrections SET transaction_id = NULL WHERE verb = 'refund_charge'"],
  ["corrections", "DELETE FROM corrections WHERE verb = 'refund_charge'"],
  ["corrections", "UPDATE lots SET granted_nano = 279, consumed_nano = consumed_nano - 21 WHERE key = 'order'"],
  ["references", "UPDATE corrections SET lot_id = 999 WHERE verb = 'void_lot'"],
  ["claws_end", "UPDATE corrections SET of_key = 'claw open' WHERE key = 'lost it'"],
  ["claws_end", "UPDATE corrections SET of_key = 'none' WHERE key = 'won back'"],
  ["claws_end", "UPDATE corrections SET amount_nano = amount_nano - 1 WHERE key = 'won back'"],
  ["claws_end", "UPDATE corrections SET of_key = 'claw lost' WHERE key = 'won back'"],
  ["claws_end", "UPDATE accounts SET balance_nano = balance_nano + 1 WHERE kind = 'disputes' AND mode = 'live'"],
  ["claws_end", "DELETE FROM corrections WHERE key = 'lost it'"],
  [
    "claws_of_breakage",
    "UPDATE corrections SET lot_id = (SELECT id FROM lots WHERE key = 'paid') WHERE key = 'claw broken'",
  ],
  ["claw_repays", "UPDATE claw_repays SET amount_nano = amount_nano - 1"],
  ["claw_repays", "UPDATE claw_repays SET amount_nano = amount_nano + 1"],
  ["claw_repays", "UPDATE claw_repays SET late = 0"],
  ["claw_repays", "UPDATE claw_repays SET claw_key = 'claw open'"],
  ["claw_repays", "DELETE FROM claw_repays"],
  ["clawed_calls", "UPDATE clawed_calls SET earned_nano = earned_nano + 1 WHERE claw_key = 'claw spent'"],
  ["clawed_calls", "UPDATE clawed_calls SET credits_nano = credits_nano + 80 WHERE claw_key = 'claw spent'"],
  ["clawed_calls", "DELETE FROM clawed_calls WHERE claw_key = 'claw won'"],
  ["clawed_calls", "UPDATE clawed_calls SET charge_id = (SELECT MIN(id) FROM charges) WHERE claw_key = 'claw spent'"],
  ["earning_takes", "UPDATE earning_takes SET amount_nano = amount_nano - 1 WHERE amount_nano < 0"],
  ["freezes", "UPDATE lots SET frozen = 0 WHERE key = 'lost'"],
  ["freezes", "UPDATE lots SET frozen = 1 WHERE key = 'won'"],
  ["freezes", "UPDATE corrections SET of_key = 'freeze' WHERE key = 'thaw'"],
  [
    "freezes",
    `UPDATE charges SET lot_id = (SELECT id FROM lots WHERE key = 'lost'), held_day = at_ms / 86400000 + 1
     WHERE id = (SELECT MAX(c.id) FROM charges c JOIN lots l ON l.id = c.lot_id WHERE l.key = 'paid')`,
  ],
]
