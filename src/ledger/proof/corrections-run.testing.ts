// Corrections as steps of the property test: refunds, adjustments, set balances, voids, claw-backs, raises, against the model.

import { expect } from "bun:test"
import { chargePublicId } from "../books/store.ts"
import { CLAW_STEPS } from "./claws-run.testing.ts"
import type { ModelHold } from "./model.testing.ts"
import type { Run } from "./property.test.ts"
import { codeOf, given, lotOf, newestLot, nextKey } from "./run-kit.testing.ts"

export async function correct(run: Run): Promise<void> {
  const steps = [refund, refund, adjust, setBalance, voidLot, raise, undoGrant, undoCharge, ...CLAW_STEPS]
  await run.pick(steps)(run)
}

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
