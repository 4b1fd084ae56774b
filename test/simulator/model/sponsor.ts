// Sponsoring: paid credits move to another wallet lot by lot, and back. Part of the naive model.
import { type Books, Defect, least, MOST, Refused, sum } from "./books.ts"
import { give } from "./corrections.ts"
import { assertAmount, breakDue, newLot, repayDebt } from "./credits.ts"
import { rollingFirst, whatPays } from "./holds.ts"

export interface MoveAsk {
  from: string
  to: string
  amount: number
  isBack: boolean
  key: string
}

export interface Move extends MoveAsk {
  /** What the new lots are. */
  lots: number[]
}

export function movesOf(books: Books): Move[] {
  books.parts.moves ??= []
  return books.parts.moves as Move[]
}

export function move(books: Books, ask: MoveAsk, now: number) {
  assertAmount(ask.amount)
  if (ask.amount === 0 || ask.key === "" || ask.from === ask.to) throw new Defect("nothing moves")
  const known = movesOf(books).find(({ key }) => key === ask.key)
  if (known) {
    const isSame = (["from", "to", "amount", "isBack"] as const).every((name) => known[name] === ask[name])
    if (!isSame) throw new Refused("conflict")
    return { lots: known.lots.length, already: true }
  }
  if (books.isKeyTaken(`${ask.key}:1`)) throw new Refused("conflict")
  if (books.balance(books.account(ask.to)) + BigInt(ask.amount) > MOST) throw new Refused("validation_failed")
  return rollingFirst(books, ask.from, now, () => make(books, ask, now))
}

function make(books: Books, ask: MoveAsk, now: number) {
  const { from, to, key, isBack } = ask
  const { lots } = whatPays(books, from, "product", BigInt(ask.amount), now, true)
  books.openAccount(books.account(to))
  books.openAccount(books.account(from))
  breakDue(books, from, books.lotsOf(from), now)
  const made: { id: number; amount: bigint }[] = []
  for (const lot of lots) {
    const amount = least(BigInt(ask.amount) - sum(made.map((one) => one.amount)), books.free(lot))
    if (amount === 0n) continue
    const lotKey = `${key}:${made.length + 1}`
    const moved = newLot(books, {
      wallet: to,
      bucket: isBack ? "purchase" : "sponsored",
      type: "sponsor",
      paid: true,
      priority: lot.priority,
      restriction: null,
      granted: amount,
      from: now,
      until: lot.until,
      created: now,
      key: lotKey,
      rollover: null,
      rolledFrom: null,
    })
    give(books, lot, "consumed", amount)
    const entries = [
      { account: books.account(from), lot: lot.id, amount: -amount },
      { account: books.account(to), lot: moved.id, amount },
    ]
    books.post({ type: "sponsor", mode: books.modeOf(from), at: now, key: lotKey, entries })
    made.push({ id: moved.id, amount })
  }
  if (isBack) repayDebt(books, to, now)
  movesOf(books).push({ ...ask, lots: made.map((one) => one.id) })
  return { lots: made.length, already: false }
}

/** What people used of wallets that are not theirs. */
export function callersOf(books: Books): { wallet: string; caller: number; used: bigint }[] {
  const others = books.charges.filter(({ hold }) => Number(hold.wallet.split(" ")[1]) !== hold.caller)
  return [...Map.groupBy(others, ({ hold }) => `${hold.wallet}|${hold.caller}`).values()]
    .map((all) => ({
      wallet: all[0]!.hold.wallet,
      caller: all[0]!.hold.caller,
      used: sum(all.map((one) => one.collected - one.back)),
    }))
    .filter(({ used }) => used > 0n)
}
