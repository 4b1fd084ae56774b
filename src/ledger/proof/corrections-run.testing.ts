// Corrections as steps of the property test: refunds, adjustments, set balances, voids, claw-backs, raises, against the model.

import { expect } from "bun:test"
import { chargePublicId } from "../books/store.ts"
import type { ModelHold, ModelLot } from "./model.testing.ts"
import type { Run } from "./property.test.ts"

let keys = 0
const nextKey = () => `correct:${++keys}`

export async function correct(run: Run): Promise<void> {
  const steps = [
    refund,
    refund,
    adjust,
    setBalance,
    voidLot,
    clawBack,
    clawBack,
    raise,
    undoGrant,
    undoCharge,
    ...CLAW_STEPS,
  ]
  await run.pick(steps)(run)
}

const codeOf = (result: { code: string } | { value: unknown }) => ("code" in result ? result.code : null)

async function refund(run: Run): Promise<void> {
  const hold = run.pick(run.model.holds.filter((one) => !one.open && one.takes.size > 0))
  if (!hold) return
  const transactionId = chargePublicId(hold.ref.callId)
  const order = run.ledger.transactionOf(transactionId)!.entries.flatMap((entry) => entry.lotId ?? [])
  const rowOf = (id: string) => run.k.store.read.get<{ id: number }>("SELECT id FROM lots WHERE public_id = ?", id)!.id
  const ids = order.map((id) => run.nameOf(rowOf(id)))
  const left = [...hold.takes.values()].reduce((sum, take) => sum + take, 0)
  const amountNano = run.int(3) === 0 ? left : 1 + run.int(Math.ceil(left * 1.2))
  const key = nextKey()
  const input = { transactionId, key, ...(amountNano > 0 && { amountNano }) }
  const result = await run.attempt(() => run.k.write.refundCharge(input))
  const expected = run.model.refund(hold, amountNano, ids, run.now)
  run.log.push(`refund ${amountNano} of ${hold.ref.callId}: ${codeOf(result) ?? "ok"}`)
  expect(codeOf(result)).toBe(typeof expected === "string" ? expected : null)
  if ("code" in result || typeof expected === "string") return
  expect(new Map(result.value.lots.map((lot) => [run.nameOf(lot.lotId), lot.amountNano as number]))).toEqual(expected)
  const entries = run.ledger.transactionOf(result.value.transactionId)!.entries
  const paidBy = (kind: string) => -(entries.find((entry) => entry.account === kind)?.amountNano ?? 0)
  run.model.earned -= paidBy("pending")
  run.model.revenue -= paidBy("revenue")
  expect(paidBy("pending") + paidBy("revenue") + paidBy("promo")).toBe(amountNano)
  expect(await run.k.write.refundCharge(input)).toEqual({ ...result.value, already: true })
}

function given(run: Run, wallet: string, id: number, amount: number): void {
  run.model.lots.push({
    id, wallet, granted: amount, left: amount, paid: false, priority: 50, from: run.now,
    until: Number.MAX_SAFE_INTEGER, created: run.now,
  }) // biome-ignore format: one lot
}

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
     WHERE p.late = 1 ORDER BY p.transaction_id`,
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

const newestLot = (run: Run) => run.k.store.read.get<{ id: number }>("SELECT MAX(id) AS id FROM lots")!.id

async function adjust(run: Run): Promise<void> {
  const { owner, mode, wallet } = run.someone()
  const amountNano = (run.int(2) ? 1 : -1) * (1 + run.int(600))
  const result = await run.attempt(() => run.k.write.adjust({ owner, mode, amountNano, key: nextKey() }))
  const expected = amountNano > 0 ? null : run.model.adjust(wallet, -amountNano, run.now)
  run.log.push(`adjust ${wallet} by ${amountNano}: ${expected ?? "ok"}`)
  expect(codeOf(result)).toBe(expected)
  if (amountNano > 0) given(run, wallet, newestLot(run), amountNano)
}

async function setBalance(run: Run): Promise<void> {
  const { owner, mode, wallet } = run.someone()
  const balanceNano = run.int(1_500)
  const held = run.model.walletHeld(wallet)
  const byNano = balanceNano - held - run.model.balance(wallet, run.now)
  const result = await run.attempt(() => run.k.write.setBalance({ owner, mode, balanceNano, key: nextKey() }))
  run.log.push(`set ${wallet} to ${balanceNano}: ${codeOf(result) ?? byNano}`)
  expect(codeOf(result)).toBe(balanceNano < held ? "conflict" : null)
  if ("code" in result) return
  expect(result.value.amountNano).toBe(byNano)
  if (byNano > 0) given(run, wallet, newestLot(run), byNano)
  else run.model.adjust(wallet, -byNano, run.now)
}

/** Any lot; null for a rollover that is not posted yet. */
function lotOf(run: Run): { lot: ModelLot; publicId: string; key: string } | null {
  const lot = run.pick(run.model.lots)
  if (!lot) return null
  const row = run.k.store.read.get<{ publicId: string; key: string }>(
    lot.parent
      ? "SELECT public_id AS publicId, key FROM lots WHERE rolled_from = ? ORDER BY id LIMIT 1 OFFSET ?"
      : "SELECT public_id AS publicId, key FROM lots WHERE id = ? AND 0 = ?",
    lot.parent ? lot.parent.id : lot.id,
    lot.parent ? lot.id % 100 : 0,
  )
  return row && { lot, ...row }
}

/** Only a grant nobody touched goes back. */
async function undoGrant(run: Run): Promise<void> {
  const found = lotOf(run)
  if (!found) return
  const { lot, key } = found
  const sql = "SELECT public_id AS id FROM transactions WHERE key = ? AND type NOT IN ('subscription', 'debt')"
  const transactionId = run.k.store.read.get<{ id: string }>(sql, key)?.id
  if (!transactionId) return
  const known = run.ledger.transactionOf(transactionId)!.reversedBy
  const result = await run.attempt(() => run.k.write.reverse({ transactionId }))
  const whole = run.now < lot.until && run.model.free(lot) === lot.granted
  run.log.push(`undo grant of lot ${lot.id}: ${codeOf(result) ?? "ok"}`)
  expect(codeOf(result)).toBe(known || whole ? null : "conflict")
  if ("value" in result) expect(result.value.already).toBe(known !== null)
  if (!known && whole) {
    lot.left = 0
    run.model.clawed.set(lot.id, lot.granted)
  }
}

async function undoCharge(run: Run): Promise<void> {
  const hold = run.pick(run.model.holds.filter((one) => !one.open && one.takes.size > 0))
  if (!hold) return
  const row = run.k.store.read.get<{ upstream: number; collected: number; charge: number }>(
    `SELECT upstream_nano AS upstream, collected_nano AS collected, charge_nano AS charge FROM charges WHERE call_id = ?`,
    hold.ref.callId,
  )!
  const transactionId = chargePublicId(hold.ref.callId)
  const { entries, reversedBy } = run.ledger.transactionOf(transactionId)!
  const left = [...hold.takes.values()].reduce((sum, take) => sum + take, 0)
  const result = await run.attempt(() => run.k.write.reverse({ transactionId }))
  run.log.push(`undo charge of ${hold.ref.callId}: ${codeOf(result) ?? "ok"}`)
  expect(codeOf(result)).toBe(reversedBy || left === row.collected ? null : "conflict")
  if (reversedBy || left !== row.collected) return
  run.model.refund(hold, left, [...hold.takes.keys()], run.now)
  const earned = entries.find((entry) => entry.account === "pending")?.amountNano ?? 0
  run.model.earned -= earned
  run.model.upstream -= row.upstream
  run.model.revenue -= row.charge - row.upstream - earned
  run.model.uncollected -= row.charge - row.collected
}

async function voidLot(run: Run): Promise<void> {
  const found = lotOf(run)
  if (!found) return
  const { lot, publicId: lotId } = found
  const result = await run.attempt(() => run.k.write.voidLot({ lotId, key: nextKey() }))
  const free = run.now < lot.until ? run.model.free(lot) : 0
  run.log.push(`void lot ${lot.id}: ${free}`)
  expect("code" in result ? result.code : (result.value.voidedNano as number)).toBe(free === 0 ? "conflict" : free)
  lot.left -= free
  if (lot.paid) run.model.breaks(lot, free)
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
  const expected = run.model.restore(claw, run.now)
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

const CLAW_STEPS = [restoreClaw, settleDispute, freeze, thaw, thaw]

async function raise(run: Run): Promise<void> {
  const hold: ModelHold | undefined = run.openHold()
  if (!hold) return
  const amount = run.int(300)
  const result = await run.attempt(() => run.k.write.raise(hold.ref, amount))
  const asked = { ref: hold.ref, wallet: hold.wallet, app: null, daily: null, most: amount, least: amount }
  const expected = run.model.hold(asked, run.now)
  run.log.push(`raise ${hold.ref.callId} by ${amount}: ${expected ?? "ok"}`)
  expect(codeOf(result)).toBe(expected)
  if (expected !== null) return
  const more = run.model.holds.pop()!
  run.model.open.delete(more)
  for (const part of more.parts) {
    const known = hold.parts.find((one) => one.lot === part.lot)
    if (known) known.amount += part.amount
    else hold.parts.push(part)
  }
  const order = run.model.inOrder(hold.parts.map((part) => part.lot))
  hold.parts.sort((a, b) => order.indexOf(a.lot) - order.indexOf(b.lot))
  run.model.expire(run.now)
}
