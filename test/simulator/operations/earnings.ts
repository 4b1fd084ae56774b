// Developers' money: maturity by the job and alone, payouts asked for, paid and failed, twice as well.
import type { Act, Operation, Scene } from "../act.ts"
import * as model from "../model/earnings.ts"
import { asNano, badAmount, DEVELOPERS, ownerOf, UNKNOWN } from "./people.ts"

const earner = ({ random }: Scene): string => `${random.oneIn(5) ? "test" : "live"} ${random.pick(DEVELOPERS)}`
const someTerms = ({ random }: Scene): model.Terms =>
  random.pick([
    { paidDays: 7, promoDays: 30 },
    { paidDays: 7, promoDays: 30 },
    { paidDays: 1, promoDays: 2 },
    { paidDays: 3, promoDays: 1 },
  ])

function mature(scene: Scene): Act {
  const wallet = earner(scene)
  const terms = scene.random.oneIn(30) ? { paidDays: 0, promoDays: 30 } : someTerms(scene)
  const input = { ...ownerOf(wallet), maturity: terms }
  return {
    text: `mature ${wallet} ${JSON.stringify(terms)}`,
    realIn: ({ ledger }, tx) => ledger.matureIn(tx, input),
    predict: (books, now) => ({ maturedNano: Number(model.mature(books, wallet, terms, now)) }),
  }
}

function matureDue(scene: Scene): Act {
  const terms = someTerms(scene)
  const { clockNow } = scene
  return {
    text: `mature everybody ${JSON.stringify(terms)}`,
    solo: true,
    real: ({ ledger }) => ledger.matureDue(terms),
    predict: (books, now) => model.matureDue(books, terms, clockNow, now),
  }
}

function request(scene: Scene): Act {
  const { random, books } = scene
  const known = random.oneIn(8) ? random.maybe(books.payouts) : undefined
  const wallet = known?.wallet ?? earner(scene)
  const payable = Math.max(0, Number(books.balance(books.account(wallet, "payable"))))
  const amount = known ? Number(known.amount) : random.pick([payable, 1 + random.int(payable + 2), payable >> 1, 0])
  const ask = {
    wallet,
    amount: random.oneIn(20) ? badAmount(random) : random.oneIn(12) ? amount + 1 : amount,
    minimum: random.pick([0, 1, 50, 200]),
    key: known?.key ?? scene.key("payout"),
  }
  const input = { ...ownerOf(wallet), amountNano: asNano(ask.amount), minimumNano: asNano(ask.minimum), key: ask.key }
  return {
    text: `ask for a payout ${JSON.stringify(ask)}`,
    realIn: ({ ledger }, tx) => ledger.requestPayoutIn(tx, input),
    predict: (books_, now) => model.requestPayout(books_, ask, now),
  }
}

function resolve(scene: Scene): Act | null {
  const { random, books } = scene
  const open = books.payouts.filter((one) => one.state === "requested")
  const found = random.maybe(random.oneIn(4) ? books.payouts : open)
  if (!found) return null
  const id = random.oneIn(30) ? books.payouts.length + UNKNOWN : found.id
  const publicId = scene.publicId("payouts", id)
  const state = random.pick(["paid", "failed"] as const)
  return {
    text: `payout ${id} (${publicId}) is ${state}`,
    realIn: ({ ledger }, tx) =>
      state === "paid" ? ledger.completePayoutIn(tx, publicId) : ledger.failPayoutIn(tx, publicId),
    predict: (books_, now) => model.resolvePayout(books_, id, state, now),
  }
}

export const EARNINGS: Operation[] = [
  { name: "mature", weight: 1.2, make: mature },
  { name: "matureDue", weight: 1, make: matureDue },
  { name: "requestPayout", weight: 2, make: request },
  { name: "resolvePayout", weight: 1.5, make: resolve },
]
