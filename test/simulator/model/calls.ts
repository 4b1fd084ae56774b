// Calls: mark, settle, release, and what happens to holds that nobody owns any more. Part of the naive model.
import {
  type Books,
  type CallEnd,
  type Charge,
  Defect,
  dayOf,
  type Entry,
  type Hold,
  type Lot,
  least,
  most,
  sum,
} from "./books.ts"
import { assertAmount, breakDue, somethingRolls } from "./credits.ts"
import { earn } from "./earnings.ts"
import { touchHold } from "./holds.ts"

/** Of which hold somebody speaks. `isRight`: by the name that it was given; else by one that no open hold has. */
export interface Name {
  wallet: string
  callId: string
  isRight: boolean
}

export const openOf = (books: Books, { callId, isRight }: Name): Hold | undefined =>
  isRight ? books.open.find((one) => one.callId === callId) : undefined

export interface Mark {
  stage: string
  known: number
  leaseMs?: number | undefined
}

export function mark(books: Books, name: Name, { stage, known, leaseMs }: Mark, now: number): boolean {
  assertAmount(known)
  const found = openOf(books, name)
  if (!found) return false
  if (found.stage !== "streaming") found.stage = stage
  found.knownCost = most(found.knownCost, BigInt(known))
  if (leaseMs !== undefined) found.lease = Math.max(found.lease, now + leaseMs)
  books.dirtyHolds.add(found)
  return true
}

export interface Price {
  total: number
  upstream: number
  developer: number
  platform: number
}

export interface Ask {
  price: Price
  developer: number | null
  /** No more than the hold is collected. */
  withinHold?: boolean | undefined
  /** Absent: one that went well and used no tokens. */
  call?: CallEnd | undefined
}

export function settle(books: Books, name: Name, { price, developer, withinHold, call }: Ask, now: number) {
  for (const amount of [price.total, price.upstream, price.developer, price.platform]) assertAmount(amount)
  if (sum([price.upstream, price.developer, price.platform].map(BigInt)) !== BigInt(price.total))
    throw new Defect("the parts do not add up")
  if (price.developer > 0 && developer === null) throw new Defect("a part for nobody")
  const found = openOf(books, name)
  if (!found) return settledBefore(books, name, now)
  const total = BigInt(price.total)
  const takes = resolve(books, found, "settled", withinHold ? least(total, found.amount) : total, now)
  const charge = charged(books, found, takes, price, developer, call ?? wentWell(found, total, now), now)
  breakRest(books, found, takes, now)
  return {
    already: false,
    ...figuresOf(charge),
    balanceAfterNano: Number(books.spendable(found.wallet, now, found.scope)),
  }
}

const none = { collectedNano: 0, uncollectedNano: 0, earnedNano: 0, lots: [], transactionId: null }

/** The answer of the first time. After a release, or under a name that nobody has: nothing was charged. */
function settledBefore(books: Books, { wallet, callId }: Name, now: number) {
  const charge = books.charges.find((one) => one.hold.callId === callId)
  return {
    already: true,
    ...(charge ? figuresOf(charge) : none),
    balanceAfterNano: Number(books.spendable(wallet, now, charge?.hold.scope ?? null)),
  }
}

const figuresOf = ({ hold, total, collected, earned, takes }: Charge) => ({
  collectedNano: Number(collected),
  uncollectedNano: Number(total - collected),
  earnedNano: Number(earned.paid + earned.promo),
  lots: takes.map(({ lot, amount }) => ({ lotId: lot.id, amountNano: Number(amount), paid: lot.paid })),
  transactionId: total === 0n ? null : hold.callId.replace("req_", "txn_"),
})

export function release(books: Books, name: Name, now: number) {
  const found = openOf(books, name)
  if (!found) {
    const balance = books.spendable(name.wallet, now, null)
    return { already: true, releasedNano: 0, balanceAfterNano: Number(balance) }
  }
  breakRest(books, found, resolve(books, found, "released", 0n, now), now)
  const balance = books.spendable(found.wallet, now, found.scope)
  return { already: false, releasedNano: Number(found.amount), balanceAfterNano: Number(balance) }
}

type Takes = Charge["takes"]

/** Ends the hold. What was held pays first, also when it expired meanwhile; then whatever is free. */
function resolve(books: Books, found: Hold, state: "settled" | "released", due: bigint, now: number): Takes {
  if (somethingRolls(books, found.wallet, now)) breakDue(books, found.wallet, books.lotsOf(found.wallet), now)
  touchHold(books, found)
  books.open = books.open.filter((one) => one !== found)
  found.state = state
  const taken = new Map<Lot, bigint>()
  let missing = due
  const take = (lot: Lot, upTo: bigint) => {
    const amount = least(upTo, missing)
    if (amount <= 0n) return
    lot.remaining -= amount
    lot.consumed += amount
    missing -= amount
    taken.set(lot, (taken.get(lot) ?? 0n) + amount)
    books.touchLot(lot)
  }
  for (const lot of books.inOrder(found.parts.map((part) => part.lot)))
    take(lot, sum(found.parts.filter((part) => part.lot === lot).map((part) => part.amount)))
  for (const lot of books.usable(found.wallet, now, found.scope)) take(lot, books.free(lot))
  return books.inOrder([...taken.keys()]).map((lot) => ({ lot, amount: taken.get(lot)! }))
}

/** What is left on its lots, and is due, breaks at once. */
function breakRest(books: Books, found: Hold, takes: Takes, now: number): void {
  const touched = new Set([...found.parts.map((part) => part.lot), ...takes.map((take) => take.lot)])
  breakDue(books, found.wallet, books.inOrder([...touched]), now)
}

/** The upstream is owed all of its bill; the developer gets what the wallet gave above it; the platform keeps the rest. */
function charged(
  books: Books,
  hold: Hold,
  takes: Takes,
  price: Price,
  developer: number | null,
  call: CallEnd,
  now: number,
): Charge {
  const mode = books.modeOf(hold.wallet)
  const [total, upstream, share] = [BigInt(price.total), BigInt(price.upstream), BigInt(price.developer)]
  const collected = sum(takes.map((take) => take.amount))
  const earned = earn(books, hold, takes, least(share, most(0n, collected - upstream)), developer, now)
  const all = earned.paid + earned.promo
  const account = `${mode} pending ${developer}`
  const entries: Entry[] = takes.map(({ lot, amount }) => ({
    account: books.account(hold.wallet),
    lot: lot.id,
    amount: -amount,
  }))
  entries.push({ account: `${mode} uncollected`, lot: null, amount: collected - total })
  entries.push({ account: `${mode} upstream_payable`, lot: null, amount: upstream })
  entries.push({ account, lot: null, amount: all })
  entries.push({ account: `${mode} revenue`, lot: null, amount: total - upstream - all })
  const posted = books.post({ type: "usage", mode, at: now, entries })
  const { id } = posted
  posted.charge = id
  const walletAfter = books.balance(books.account(hold.wallet))
  const made: Charge = {
    id,
    at: now,
    hold,
    total,
    upstream,
    share,
    collected,
    earned,
    developer: developer ?? hold.developer,
    takes,
    back: 0n,
    walletAfter,
    call,
  }
  books.charges.push(made)
  for (const source of ["paid", "promo"] as const) {
    if (earned[source] === 0n) continue
    const day = dayOf(now)
    books.earnings.push({
      transaction: id,
      account,
      day,
      source,
      earned: earned[source],
      clawed: 0n,
      late: 0n,
      matured: false,
    })
  }
  return made
}

const quiet = { firstToken: null, tokens: { input: 0, cached: 0, output: 0, reasoning: 0 }, units: null }

const wentWell = (found: Hold, total: bigint, now: number): CallEnd => ({
  status: 200,
  errorCode: null,
  end: "done",
  latency: now - found.created,
  ...quiet,
  source: total === 0n ? "none" : "estimated",
})

/** What a call is charged whose owner is gone: never sent nothing, sent its input, streaming the last mark. */
export function bestKnown(found: Hold): Price {
  const total = found.stage === "held" ? 0n : most(found.inputCost, found.knownCost)
  const [upstream, developer, platform] = bestSplit(total, found.split).map(Number) as [number, number, number]
  return { total: Number(total), upstream, developer, platform }
}

/** By weights, exact in sum: largest remainder; upstream, developer, platform when they are equal. No weights: all upstream. */
export function bestSplit(total: bigint, split: [bigint, bigint, bigint]): [bigint, bigint, bigint] {
  const weights = sum(split)
  if (weights === 0n) return [total, 0n, 0n]
  const parts = split.map((weight) => (total * weight) / weights) as [bigint, bigint, bigint]
  const rests = split.map((weight, index) => ({ index, rest: (total * weight) % weights }))
  for (let missing = total - sum(parts); missing > 0n; missing -= 1n) {
    const largest = rests.reduce((a, b) => (b.rest > a.rest ? b : a))
    parts[largest.index]! += 1n
    largest.rest = -1n
  }
  return parts
}

/** Recovery and sweeper: each of these holds is charged at its best-known cost, in order, also when that is nothing. */
export function abandon(books: Books, holds: Hold[], now: number) {
  let charged = 0
  let released = 0
  for (const found of [...holds].sort((a, b) => a.id - b.id)) {
    const price = bestKnown(found)
    if (price.total === 0) released++
    const call = {
      ...wentWell(found, BigInt(price.total), now),
      status: 500,
      errorCode: "internal",
      end: "recovered",
    }
    settle(books, { ...found, isRight: true }, { price, developer: found.developer, call }, now)
    charged += price.total
  }
  return { resolved: holds.length, released, chargedNano: charged }
}
