// Calls: mark, settle, release, and what happens to holds that nobody owns any more. Part of the naive model.
import { type Books, Defect, dayOf, type Entry, type Hold, type Lot, least, most, sum } from "./books.ts"
import { assertAmount, breakDue, somethingRolls } from "./credits.ts"
import { earn } from "./earnings.ts"
import { findHold, touchHold } from "./holds.ts"

export interface Mark {
  stage: string
  known: number
  leaseMs?: number | undefined
}

export function mark(books: Books, id: number, { stage, known, leaseMs }: Mark, now: number): boolean {
  assertAmount(known)
  const found = books.holds[id - 1]
  if (found?.state !== "open") return false
  if (found.stage !== "streaming") found.stage = stage
  found.knownCost = most(found.knownCost, BigInt(known))
  if (leaseMs !== undefined) found.lease = Math.max(found.lease, now + leaseMs)
  books.dirtyHolds.add(found)
  return true
}

export interface Charge {
  total: number
  upstream: number
  developer: number
  platform: number
}
const NOTHING: Charge = { total: 0, upstream: 0, developer: 0, platform: 0 }

export function settle(books: Books, id: number, charge: Charge, developer: number | null, now: number) {
  for (const amount of [charge.total, charge.upstream, charge.developer, charge.platform]) assertAmount(amount)
  if (sum([charge.upstream, charge.developer, charge.platform].map(BigInt)) !== BigInt(charge.total))
    throw new Defect("the parts do not add up")
  if (charge.developer > 0 && developer === null) throw new Defect("a part for nobody")
  const found = findHold(books, id)
  if (found.state !== "open") {
    return {
      already: true,
      collectedNano: Number(found.collected),
      uncollectedNano: Number(found.charge - found.collected),
      earnedNano: Number(earnedBy(books, found)),
      lots: lotsOf(found),
      balanceAfterNano: Number(books.spendable(found.wallet, now, found.scope)),
    }
  }
  return resolve(books, found, "settled", charge, developer, now)
}

export function release(books: Books, id: number, now: number) {
  const found = findHold(books, id)
  if (found.state !== "open") {
    const balance = books.spendable(found.wallet, now, found.scope)
    return { already: true, releasedNano: 0, balanceAfterNano: Number(balance) }
  }
  const { balanceAfterNano } = resolve(books, found, "released", NOTHING, null, now)
  return { already: false, releasedNano: Number(found.amount), balanceAfterNano }
}

const lotsOf = (found: Hold) =>
  found.takes.map(({ lot, amount }) => ({ lotId: lot.id, amountNano: Number(amount), paid: lot.paid }))

function resolve(
  books: Books,
  found: Hold,
  state: "settled" | "released",
  charge: Charge,
  developer: number | null,
  now: number,
) {
  if (somethingRolls(books, found.wallet, now)) breakDue(books, found.wallet, books.lotsOf(found.wallet), now)
  touchHold(books, found)
  books.open = books.open.filter((one) => one !== found)
  const total = BigInt(charge.total)
  const taken = new Map<Lot, bigint>()
  let missing = total
  const take = (lot: Lot, upTo: bigint) => {
    const amount = least(upTo, missing)
    if (amount <= 0n) return
    lot.remaining -= amount
    lot.consumed += amount
    missing -= amount
    taken.set(lot, (taken.get(lot) ?? 0n) + amount)
    books.touchLot(lot)
  }
  // What was held pays first, also when it expired meanwhile; then whatever is free.
  const heldOf = new Map(found.parts.map(({ lot }) => [lot, 0n]))
  for (const { lot, amount } of found.parts) heldOf.set(lot, heldOf.get(lot)! + amount)
  for (const lot of books.inOrder([...heldOf.keys()])) take(lot, heldOf.get(lot)!)
  for (const lot of books.usable(found.wallet, now, found.scope)) take(lot, books.free(lot))
  const collected = total - missing
  found.takes = books.inOrder([...taken.keys()]).map((lot) => ({ lot, amount: taken.get(lot)! }))
  found.state = state
  found.charge = total
  found.collected = collected
  if (developer !== null) found.developer = developer
  if (found.app) {
    const key = books.limitKey(found.wallet, found.app.clientId, found.app.scope, found.day)
    books.used.set(key, (books.used.get(key) ?? 0n) + collected)
  }
  if (total > 0n) found.transaction = postUsage(books, found, charge, developer, now)
  // What is left on its lots, and is due, breaks at once.
  const touched = [...new Set([...found.parts.map((part) => part.lot), ...taken.keys()])]
  breakDue(books, found.wallet, books.inOrder(touched), now)
  return {
    already: false,
    collectedNano: Number(collected),
    uncollectedNano: Number(missing),
    earnedNano: Number(earnedBy(books, found)),
    lots: lotsOf(found),
    balanceAfterNano: Number(books.spendable(found.wallet, now, found.scope)),
  }
}

/** The upstream is owed all of its bill; the developer gets what the wallet gave above it; the platform keeps the rest. */
function postUsage(books: Books, found: Hold, charge: Charge, developer: number | null, now: number): number {
  const mode = books.modeOf(found.wallet)
  const upstream = BigInt(charge.upstream)
  const above = most(0n, found.collected - upstream)
  const parts = earn(books, found, least(BigInt(charge.developer), above), developer, now)
  const earned = parts.paid + parts.promo
  const entries: Entry[] = found.takes.map(({ lot, amount }) => ({
    account: books.account(found.wallet),
    lot: lot.id,
    amount: -amount,
  }))
  entries.push({ account: `${mode} uncollected`, lot: null, amount: found.collected - found.charge })
  entries.push({ account: `${mode} upstream_payable`, lot: null, amount: upstream })
  if (earned > 0n) entries.push({ account: `${mode} pending ${developer}`, lot: null, amount: earned })
  entries.push({ account: `${mode} revenue`, lot: null, amount: found.charge - upstream - earned })
  const { id } = books.post({ type: "usage", mode, at: now, hold: found.id, entries })
  const account = `${mode} pending ${developer}`
  for (const source of ["paid", "promo"] as const) {
    if (parts[source] === 0n) continue
    const day = dayOf(now)
    books.earnings.push({
      transaction: id,
      account,
      day,
      source,
      earned: parts[source],
      clawed: 0n,
      matured: false,
    })
  }
  return id
}

const earnedBy = (books: Books, found: Hold): bigint =>
  sum(books.earnings.filter((one) => one.transaction === found.transaction).map((one) => one.earned))

/** What a call is charged whose owner is gone: never sent nothing, sent its input, streaming the last mark. */
export function bestKnown(found: Hold): Charge {
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

/** Recovery and sweeper: each of these holds is resolved at its best-known cost, in order. */
export function abandon(books: Books, holds: Hold[], now: number) {
  let charged = 0
  let released = 0
  for (const found of [...holds].sort((a, b) => a.id - b.id)) {
    const charge = bestKnown(found)
    if (charge.total === 0) {
      release(books, found.id, now)
      released++
    } else settle(books, found.id, charge, found.developer, now)
    charged += charge.total
  }
  return { resolved: holds.length, released, chargedNano: charged }
}
