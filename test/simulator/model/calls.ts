// Calls: hold, mark, settle, release, and what happens to holds that nobody owns any more. Part of the naive model.
import { type Books, Defect, dayOf, type Entry, type Hold, type Lot, least, most, Refused, sum } from "./books.ts"
import { assertAmount, breakDue, somethingRolls } from "./credits.ts"
import { earn } from "./earnings.ts"

export interface Ask {
  wallet: string
  amount: number
  least?: number | undefined
  callId: string
  scope: string
  app: { clientId: number; scope: string; daily: number | null } | null
  leaseMs: number
  inputCost: number
  stage: string
  developer: number | null
  split: [number, number, number]
  promoEligible?: boolean | undefined
  promoCap?: number | null | undefined
}

/** What had to roll over comes first; a refusal takes even that back. */
export function hold(books: Books, ask: Ask, boot: string, now: number) {
  return rollingFirst(books, ask.wallet, now, () => makeHold(books, ask, boot, now))
}

function rollingFirst<T>(books: Books, wallet: string, now: number, act: () => T): T {
  if (!somethingRolls(books, wallet, now)) return act()
  const undo = books.checkpoint()
  breakDue(books, wallet, books.lotsOf(wallet), now)
  try {
    return act()
  } catch (error) {
    undo()
    throw error
  }
}

function makeHold(books: Books, ask: Ask, boot: string, now: number) {
  const least_ = ask.least ?? ask.amount
  for (const amount of [ask.amount, least_, ask.inputCost, ask.leaseMs, ...ask.split]) assertAmount(amount)
  if (least_ > ask.amount) throw new Defect("the least is above the amount")
  if (ask.app && ask.app.daily !== null) assertAmount(ask.app.daily)
  if (ask.split[1] > 0 && ask.developer === null) throw new Defect("a share for nobody")
  if (ask.promoCap != null) assertAmount(ask.promoCap)
  const { wallet, app, scope } = ask
  let amount = BigInt(ask.amount)
  const need = BigInt(least_)
  const day = dayOf(now)
  if (app && app.daily !== null) {
    const used = books.used.get(books.limitKey(wallet, app.clientId, app.scope, day)) ?? 0n
    const held = books.limitHeld(wallet, app.clientId, app.scope, day)
    const left = most(0n, BigInt(app.daily) - used - held)
    if (need > left) throw new Refused("app_daily_limit_exceeded")
    amount = least(amount, left)
  }
  const { lots, spendable } = whatPays(books, wallet, scope, need, now)
  amount = least(amount, spendable)
  books.openAccount(books.account(wallet))
  breakDue(books, wallet, books.lotsOf(wallet), now)
  const made: Hold = {
    id: books.holds.length + 1,
    wallet,
    callId: ask.callId,
    boot,
    app: app && { clientId: app.clientId, scope: app.scope },
    scope,
    day,
    amount,
    parts: reserve(books, lots, amount),
    stage: ask.stage,
    inputCost: least(BigInt(ask.inputCost), amount),
    knownCost: 0n,
    split: [BigInt(ask.split[0]), BigInt(ask.split[1]), BigInt(ask.split[2])],
    developer: ask.developer,
    lease: now + ask.leaseMs,
    promoCap: ask.promoEligible === false ? 0n : ask.promoCap == null ? null : BigInt(ask.promoCap),
    state: "open",
    charge: 0n,
    collected: 0n,
    transaction: null,
    takes: [],
  }
  books.holds.push(made)
  books.open.push(made)
  touchHold(books, made)
  return { id: made.id, amountNano: Number(amount), day, balanceAfterNano: Number(spendable - amount) }
}

/** @throws Refused when `need` is not there */
function whatPays(books: Books, wallet: string, scope: string, need: bigint, now: number) {
  const lots = books.usable(wallet, now, scope)
  const free = sum(lots.map((lot) => books.free(lot)))
  const held = sum(lots.map((lot) => books.held(lot)))
  const debt = books.debt(wallet)
  const spendable = debt > 0n ? 0n : free
  if (need > spendable)
    throw new Refused(debt === 0n && need <= free + held ? "credits_on_hold" : "insufficient_credits")
  return { lots, spendable }
}

export function raise(books: Books, id: number, amount: number, daily: number | null, now: number) {
  assertAmount(amount)
  if (daily !== null) assertAmount(daily)
  const found = findHold(books, id)
  if (found.state !== "open") throw new Refused("conflict")
  return rollingFirst(books, found.wallet, now, () => {
    const { wallet, app, day } = found
    const need = BigInt(amount)
    if (app && daily !== null) {
      const used = books.used.get(books.limitKey(wallet, app.clientId, app.scope, day)) ?? 0n
      const left = most(0n, BigInt(daily) - used - books.limitHeld(wallet, app.clientId, app.scope, day))
      if (need > left) throw new Refused("app_daily_limit_exceeded")
    }
    const { lots, spendable } = whatPays(books, wallet, found.scope, need, now)
    breakDue(books, wallet, books.lotsOf(wallet), now)
    for (const { lot, amount: more } of reserve(books, lots, need)) {
      const part = found.parts.find((one) => one.lot === lot)
      if (part) found.parts = found.parts.map((one) => (one === part ? { lot, amount: one.amount + more } : one))
      else found.parts.push({ lot, amount: more })
    }
    const order = books.inOrder(found.parts.map((part) => part.lot))
    found.parts = order.map((lot) => found.parts.find((part) => part.lot === lot)!)
    found.amount += need
    touchHold(books, found)
    return { amountNano: Number(found.amount), balanceAfterNano: Number(spendable - need) }
  })
}

export function renew(books: Books, id: number, leaseMs: number, now: number): boolean {
  assertAmount(leaseMs)
  const found = books.holds[id - 1]
  if (found?.state !== "open") return false
  found.lease = Math.max(found.lease, now + leaseMs)
  books.dirtyHolds.add(found)
  return true
}

/** Takes from lots that are in order already. */
export function reserve(books: Books, lots: Lot[], amount: bigint): Hold["parts"] {
  const parts: Hold["parts"] = []
  let missing = amount
  for (const lot of lots) {
    const take = least(missing, books.free(lot))
    if (take <= 0n) continue
    parts.push({ lot, amount: take })
    missing -= take
  }
  return parts
}

export function touchHold(books: Books, hold: Hold): void {
  books.dirtyHolds.add(hold)
  books.dirtyWallets.add(hold.wallet)
  for (const part of hold.parts) books.touchLot(part.lot)
}

const findHold = (books: Books, id: number): Hold => {
  const found = books.holds[id - 1]
  if (!found) throw new Defect(`no hold ${id}`)
  return found
}

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
