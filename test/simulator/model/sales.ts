// Sales: paid credits become what a seller earns, the platform's part behind. Part of the naive model.
import { type Books, Defect, dayOf, least, Refused, sum } from "./books.ts"
import { give } from "./corrections.ts"
import { assertAmount, breakDue } from "./credits.ts"
import { rollingFirst, whatPays } from "./holds.ts"

export interface SaleAsk {
  wallet: string
  seller: number
  amount: number
  commission: number
  key: string
}

export interface Sale extends SaleAsk {
  /** Its place among all that was posted. */
  id: number
  at: number
  takes: { lot: number; amount: bigint }[]
}

export function salesOf(books: Books): Sale[] {
  books.parts.sales ??= []
  return books.parts.sales as Sale[]
}

export function sell(books: Books, ask: SaleAsk, now: number) {
  assertAmount(ask.amount)
  assertAmount(ask.commission)
  if (ask.amount === 0 || ask.commission > ask.amount) throw new Defect("no such price")
  if (ask.key === "") throw new Defect("no key")
  const known = salesOf(books).find(({ key }) => key === ask.key)
  if (known) return again(known, ask)
  if (books.isKeyTaken(ask.key)) throw new Refused("conflict")
  return rollingFirst(books, ask.wallet, now, () => make(books, ask, now))
}

function again(known: Sale, ask: SaleAsk) {
  const isSame = (["wallet", "seller", "amount", "commission"] as const).every((name) => known[name] === ask[name])
  if (!isSame) throw new Refused("conflict")
  return { earnedNano: ask.amount - ask.commission, already: true }
}

function make(books: Books, ask: SaleAsk, now: number) {
  const { wallet, seller, key } = ask
  const mode = books.modeOf(wallet)
  const [amount, commission] = [BigInt(ask.amount), BigInt(ask.commission)]
  const { lots } = whatPays(books, wallet, "product", amount, now, true)
  const [account, pending] = [books.account(wallet), `${mode} pending ${seller}`]
  books.openAccount(account)
  books.openAccount(pending)
  breakDue(books, wallet, books.lotsOf(wallet), now)
  const takes: Sale["takes"] = []
  for (const lot of lots) {
    const found = least(amount - sum(takes.map((one) => one.amount)), books.free(lot))
    if (found === 0n) continue
    give(books, lot, "consumed", found)
    takes.push({ lot: lot.id, amount: found })
  }
  const paid = takes.map((one) => ({ account, lot: one.lot, amount: -one.amount }))
  const { id } = books.post({
    type: "sale",
    mode,
    at: now,
    key,
    entries: [...paid, { account: pending, lot: null, amount }],
  })
  if (commission > 0n) {
    const entries = [
      { account: pending, lot: null, amount: -commission },
      { account: `${mode} revenue`, lot: null, amount: commission },
    ]
    books.post({ type: "commission", mode, at: now, key: `${key}:commission`, entries })
  }
  const earned = amount - commission
  const earning = { account: pending, day: dayOf(now), source: "paid" as const, clawed: 0n, late: 0n, matured: false }
  if (earned > 0n) books.earnings.push({ transaction: id, earned, ...earning })
  salesOf(books).push({ ...ask, id, at: now, takes })
  return { earnedNano: Number(earned), already: false }
}
