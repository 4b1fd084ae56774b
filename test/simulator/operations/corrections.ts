// What an admin or a payment provider corrects: refunds of calls, reversals, claw-backs into debt, adjustments, set balances, voids;
// with keys that come twice.
import type { Act, Operation, Scene } from "../act.ts"
import * as model from "../model/corrections.ts"
import { repayDebt } from "../model/credits.ts"
import { salesOf } from "../model/sales.ts"
import { asNano, badAmount, ownerOf, UNKNOWN } from "./people.ts"

/** Mostly a new key; now and then one that was used, for this or for something else. */
export function someKey(scene: Scene, word: string): string {
  const { random, books } = scene
  if (random.oneIn(60)) return ""
  if (random.oneIn(25)) return random.maybe(books.lots)?.key.replace(/^(claim|rollover) .*/, "other") ?? "other"
  if (random.oneIn(12)) return random.maybe([...books.corrections.keys()]) ?? scene.key(word)
  return scene.key(word)
}

/** Now and then the very question of before, as a retry sends it. */
const sometimesSame = (scene: Scene, act: Act | null): Act | null => (scene.random.oneIn(8) ? lastOf(scene, act) : act)
const last = new WeakMap<object, Act[]>()
function lastOf(scene: Scene, act: Act | null): Act | null {
  const known = last.get(scene.books) ?? []
  last.set(scene.books, known)
  if (act && !act.text.includes("none_1")) known.push(act)
  return scene.random.maybe(known.slice(-30)) ?? null
}

const PAID = ["usage", "sale"]

function refund(scene: Scene): Act | null {
  const { random, books } = scene
  const found = random.maybe(books.posted.filter(({ type }) => PAID.includes(type) || random.oneIn(40)).slice(-60))
  if (!found) return null
  const id = random.oneIn(40) ? books.posted.length + UNKNOWN : found.id
  const publicId = scene.publicId("v_transactions", id)
  const sale = salesOf(books).find((one) => one.id === found.id)
  const whole = sale?.amount ?? Number(books.charges.find((one) => one.id === found.id)?.collected ?? 0n)
  const amount = random.oneIn(40)
    ? badAmount(random)
    : random.pick([undefined, undefined, 1, 1 + random.int(whole + 2), Math.max(1, Math.floor(whole / 3))])
  return refundAct(id, publicId, amount, someKey(scene, "refund"))
}

export function refundAct(id: number, publicId: string, amount: number | undefined, key: string): Act {
  const input = { transactionId: publicId, key, ...(amount === undefined ? {} : { amountNano: asNano(amount) }) }
  return {
    text: `refund ${amount} of transaction ${id} (${publicId}), key ${key}`,
    realIn: ({ ledger }, tx) => ledger.refundChargeIn(tx, input),
    predict: (books, now) => model.refundCharge(books, id, amount, key, now),
  }
}

function reverse(scene: Scene): Act | null {
  const { random, books } = scene
  const found = random.maybe(random.oneIn(3) ? books.posted : books.posted.slice(-12))
  if (!found) return null
  const id = random.oneIn(60) ? books.posted.length + UNKNOWN : found.id
  const publicId = scene.publicId("v_transactions", id)
  return {
    text: `reverse transaction ${id} (${publicId}, ${found.type})`,
    realIn: ({ ledger }, tx) => ledger.reverseIn(tx, { transactionId: publicId }),
    predict: (books_, now) => model.reverse(books_, id, now),
  }
}

function repay(scene: Scene): Act {
  const wallet = scene.wallet()
  const { owner, mode } = ownerOf(wallet)
  return {
    text: `repay the debt of ${wallet}`,
    realIn: ({ ledger }, tx) => ledger.repayDebtIn(tx, owner, mode),
    predict: (books, now) => Number(repayDebt(books, wallet, now)),
  }
}

function adjust(scene: Scene): Act {
  const { random } = scene
  const wallet = scene.wallet()
  const sign = random.oneIn(2) ? 1 : -1
  const amount = random.oneIn(30)
    ? random.pick([badAmount(random), 0])
    : sign * (1 + random.int(random.oneIn(4) ? 9_000 : 900))
  const key = someKey(scene, "adjust")
  const input = { ...ownerOf(wallet), amountNano: asNano(amount), key }
  return {
    text: `adjust ${wallet} by ${amount}, key ${key}`,
    realIn: ({ ledger }, tx) => ledger.adjustIn(tx, input),
    predict: (books, now) => model.adjust(books, wallet, amount, key, now),
  }
}

function setBalance(scene: Scene): Act {
  const { random, books } = scene
  const wallet = scene.wallet()
  const has = Number(books.balance(books.account(wallet)))
  const most = Math.min(has, 20_000)
  const balance = random.oneIn(30)
    ? badAmount(random)
    : random.pick([0, has, random.int(most + 500), random.int(most + 500)])
  const key = someKey(scene, "set")
  const input = { ...ownerOf(wallet), balanceNano: asNano(balance), key }
  return {
    text: `set the balance of ${wallet} to ${balance}, key ${key}`,
    realIn: ({ ledger }, tx) => ledger.setBalanceIn(tx, input),
    predict: (books_, now) => model.setBalance(books_, wallet, balance, key, now),
  }
}

function voidLot(scene: Scene): Act | null {
  const { random, books } = scene
  const lot = random.maybe(random.oneIn(4) ? books.lots : books.lots.filter((one) => one.remaining > 0n))
  if (!lot) return null
  const id = random.oneIn(40) ? books.lots.length + UNKNOWN : lot.id
  const publicId = scene.publicId("lots", id)
  const key = someKey(scene, "void")
  return {
    text: `void lot ${id} (${publicId}), key ${key}`,
    realIn: ({ ledger }, tx) => ledger.voidLotIn(tx, { lotId: publicId, key }),
    predict: (books_, now) => model.voidLot(books_, id, key, now),
  }
}

export const again = (make: (scene: Scene) => Act | null) => (scene: Scene) => sometimesSame(scene, make(scene))

export const CORRECTIONS: Operation[] = [
  { name: "refund", weight: 4, make: again(refund) },
  { name: "reverse", weight: 4, make: reverse },
  { name: "repayDebt", weight: 1, make: repay },
  { name: "adjust", weight: 2.5, make: again(adjust) },
  { name: "setBalance", weight: 1.5, make: again(setBalance) },
  { name: "voidLot", weight: 1.5, make: again(voidLot) },
]
