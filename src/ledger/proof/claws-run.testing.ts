// Claw-backs and what becomes of them as steps of the property test: taken, restored, lost, frozen, paid by calls that end later.
import { expect } from "bun:test"
import type { ModelClaw } from "./model.testing.ts"
import type { Run } from "./property.test.ts"
import { codeOf, given, lotOf, newestLot, nextKey } from "./run-kit.testing.ts"

/**
 * What calls gave back of credits that a claw-back named, once their time was over: taken from the books, held here to what may be. (The simulator
 * predicts it.)
 */
export function followRepaid(run: Run): void {
  const rows = run.k.store.read.all<{
    claw: string
    amount: number
    lifted: number
    anewId: number | null
    anew: number | null
  }>(
    `SELECT p.claw_key AS claw, p.amount_nano AS amount, l.id AS anewId, l.granted_nano AS anew, COALESCE((
       SELECT e.amount_nano FROM entries e JOIN accounts a ON a.id = e.account_id
       WHERE e.transaction_id = p.transaction_id AND a.kind = 'debt'), 0) AS lifted
     FROM claw_repays p JOIN transactions t ON t.id = p.transaction_id LEFT JOIN lots l ON l.key = t.key
     WHERE p.late = 1 AND t.type = 'debt' ORDER BY p.transaction_id`,
  )
  for (const { claw: key, amount, lifted, anewId, anew } of rows.slice(run.repaid)) {
    const claw = run.model.claws.find((one) => one.key === key)!
    const { wallet } = claw.lot
    expect(claw.over).toBe(false)
    expect(amount).toBe(lifted + (anew ?? 0))
    expect(lifted).toBe(Math.min(amount, run.model.debts.get(wallet) ?? 0))
    run.model.paidLate(claw, amount, lifted)
    expect(claw.late).toBeLessThanOrEqual(claw.owed)
    if (anewId === null) continue
    given(run, wallet, anewId, anew!)
    run.model.lots.at(-1)!.paid = true
  }
  run.repaid = rows.length
}

async function clawBack(run: Run): Promise<void> {
  const found = lotOf(run)
  if (!found) return
  const { lot, key } = found
  const amountNano = 1 + run.int(lot.granted)
  const through =
    run.int(8) === 0
      ? run.pick(["cash", "promo"] as const)
      : lot.paid
        ? run.pick(["cash", "disputes"] as const)
        : "promo"
  const clawKey = nextKey()
  const result = await run.attempt(() => run.k.write.clawBack({ lotKey: key, amountNano, through, key: clawKey }))
  const claw = run.model.clawBack(lot, amountNano, through, clawKey, run.now)
  run.log.push(`claw ${amountNano} of lot ${lot.id} through ${through}: ${codeOf(result) ?? "ok"}`)
  expect(codeOf(result)).toBe(typeof claw === "string" ? claw : null)
  if ("code" in result || typeof claw === "string") return
  const taken = claw.parts.reduce((sum, part) => sum + part.amount, 0)
  const { brokenNano, takenNano, debtNano } = result.value
  expect([+brokenNano, +takenNano, +debtNano]).toEqual([claw.broken, taken, claw.owed])
  claw.borne = result.value.fromDevelopersNano
  expect(claw.borne).toBeLessThanOrEqual(claw.owed)
  run.model.earned -= claw.borne
  run.model.revenue += claw.borne
}

async function restoreClaw(run: Run): Promise<void> {
  const claw = run.pick(run.model.claws)
  if (!claw) return
  const result = await run.attempt(() => run.k.write.restoreClaw({ clawKey: claw.key, key: nextKey() }))
  const expected = run.model.restore(
    claw,
    run.now,
    "value" in result ? paidOthers(run, claw, result.value.transactionId) : [],
  )
  run.log.push(`restore ${claw.key}: ${codeOf(result) ?? "ok"}`)
  expect(codeOf(result)).toBe(typeof expected === "string" ? expected : null)
  if ("code" in result || typeof expected === "string") return
  expect([+result.value.grantedNano, +result.value.debtLiftedNano]).toEqual([expected.granted, expected.lifted])
  expect(+result.value.toDevelopersNano).toBe(claw.borne)
  run.model.earned += claw.borne
  run.model.revenue -= claw.borne
  if (expected.granted > 0) {
    given(run, claw.lot.wallet, newestLot(run), expected.granted)
    run.model.lots.at(-1)!.paid = true
  }
  run.model.repay(claw.lot.wallet, run.now)
}

/** What broke and paid for other claw-backs of the lot, as the books say it, held here to what may be. */
function paidOthers(run: Run, claw: ModelClaw, transactionId: string | null) {
  const rows = run.k.store.read.all<{ key: string; amount: number }>(
    `SELECT p.claw_key AS key, p.amount_nano AS amount FROM claw_repays p
     WHERE p.transaction_id = (SELECT id FROM transactions WHERE public_id = ?)`,
    transactionId,
  )
  return rows.map(({ key, amount }) => {
    const other = run.model.claws.find((one) => one.key === key)!
    expect([other.over, other.lot]).toEqual([false, claw.lot])
    expect(other.late + amount).toBeLessThanOrEqual(other.owed)
    return { other, amount }
  })
}

async function settleDispute(run: Run): Promise<void> {
  const claw = run.pick(run.model.claws)
  if (!claw) return
  const result = await run.attempt(() => run.k.write.settleDispute({ clawKey: claw.key, key: nextKey() }))
  run.log.push(`settle ${claw.key}: ${codeOf(result) ?? "ok"}`)
  const isOpen = claw.through === "disputes" && !claw.settled && !claw.over
  expect(codeOf(result)).toBe(isOpen ? null : "conflict")
  if (!isOpen) return
  claw.settled = true
  run.model.disputes -= claw.owed + claw.broken + claw.parts.reduce((sum, part) => sum + part.amount, 0)
}

async function freeze(run: Run): Promise<void> {
  const found = lotOf(run)
  if (!found) return
  const { lot, key } = found
  const freezeKey = nextKey()
  const result = await run.attempt(() => run.k.write.freezeLot({ lotKey: key, key: freezeKey }))
  run.log.push(`freeze lot ${lot.id}: ${codeOf(result) ?? "ok"}`)
  expect(codeOf(result)).toBe(lot.parent ? "conflict" : null)
  if (lot.parent) return
  run.model.freezes.push({ key: freezeKey, lot })
}

async function thaw(run: Run): Promise<void> {
  const found = run.pick(run.model.freezes)
  if (!found) return
  const { key, lot } = found
  const result = await run.attempt(() => run.k.write.thawLot({ freezeKey: key, key: nextKey() }))
  run.model.freezes.splice(run.model.freezes.indexOf(found), 1)
  run.log.push(`thaw lot ${lot.id}: ${codeOf(result) ?? "ok"}`)
  expect("code" in result ? result.code : result.value.isFrozen).toBe(run.model.isFrozen(lot))
  if (!run.model.isFrozen(lot)) run.model.repay(lot.wallet, run.now)
}

export const CLAW_STEPS = [clawBack, clawBack, restoreClaw, settleDispute, freeze, thaw, thaw]
