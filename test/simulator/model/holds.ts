// Holds: made, raised, renewed; refused without a trace. Part of the naive model.
import { type Books, Defect, dayOf, type Hold, type Lot, least, most, Refused, sum } from "./books.ts"
import { assertAmount, breakDue, somethingRolls } from "./credits.ts"

export interface Ask {
  wallet: string
  amount: number
  least?: number | undefined
  callId: string
  scope: string
  paidOnly?: boolean | undefined
  caller?: number | undefined
  client?: number | null | undefined
  key?: number | null | undefined
  route?: number | null | undefined
  stream?: boolean | undefined
  /** undefined: counts for no limit; null: is counted, without one. */
  daily?: number | null | undefined
  leaseMs: number
  inputCost: number
  stage: string
  developer: number | null
  split: [number, number, number]
  promoEligible?: boolean | undefined
  promoCap?: number | null | undefined
}

/** What had to roll over comes first; a refusal takes even that back. */
const callerOf = ({ caller, wallet }: Ask): number => caller ?? Number(wallet.split(" ")[1])

export function hold(books: Books, ask: Ask, boot: string, now: number) {
  return rollingFirst(books, ask.wallet, now, () => makeHold(books, ask, boot, now))
}

/** Refused inside a mutation that goes on: what had to roll over stays. @returns the refusal's code */
export function holdOrCode(books: Books, ask: Ask, boot: string, now: number) {
  try {
    if (somethingRolls(books, ask.wallet, now)) breakDue(books, ask.wallet, books.lotsOf(ask.wallet), now)
    return { code: null, ...makeHold(books, ask, boot, now) }
  } catch (error) {
    if (error instanceof Refused) return { code: error.code }
    throw error
  }
}

export function rollingFirst<T>(books: Books, wallet: string, now: number, act: () => T): T {
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
  if (ask.daily != null) assertAmount(ask.daily)
  if (ask.daily !== undefined && ask.client == null) throw new Defect("a limit of no app")
  if (ask.split[1] > 0 && ask.developer === null) throw new Defect("a share for nobody")
  if (ask.promoCap != null) assertAmount(ask.promoCap)
  const { wallet, client, daily, scope } = ask
  let amount = BigInt(ask.amount)
  const need = BigInt(least_)
  const day = dayOf(now)
  if (client != null && daily != null) {
    const of = { client, caller: callerOf(ask), scope }
    const used = books.usedOf(wallet, of, day)
    const held = books.heldOf(wallet, of, day)
    const left = most(0n, BigInt(daily) - used - held)
    if (need > left) throw new Refused("app_daily_limit_exceeded")
    amount = least(amount, left)
  }
  const { lots, spendable } = whatPays(books, wallet, scope, need, now, ask.paidOnly)
  amount = least(amount, spendable)
  books.openAccount(books.account(wallet))
  breakDue(books, wallet, books.lotsOf(wallet), now)
  const made: Hold = {
    id: books.holds.length + 1,
    wallet,
    callId: ask.callId,
    boot,
    caller: callerOf(ask),
    client: client ?? null,
    key: ask.key ?? null,
    route: ask.route ?? null,
    stream: ask.stream ?? false,
    limited: daily !== undefined,
    scope,
    created: now,
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
  }
  books.holds.push(made)
  books.open.push(made)
  touchHold(books, made)
  return { amountNano: Number(amount), day, balanceAfterNano: Number(spendable - amount) }
}

/** @throws Refused when `need` is not there */
export function whatPays(books: Books, wallet: string, scope: string, need: bigint, now: number, paidOnly = false) {
  const lots = books.usable(wallet, now, scope).filter((lot) => lot.paid || !paidOnly)
  const free = sum(lots.map((lot) => books.free(lot)))
  const held = sum(lots.map((lot) => books.held(lot)))
  const debt = books.debt(wallet)
  const spendable = debt > 0n ? 0n : free
  if (need > spendable)
    throw new Refused(debt === 0n && need <= free + held ? "credits_on_hold" : "insufficient_credits")
  return { lots, spendable }
}

/** Whom a call goes to from here on. */
export interface Terms {
  route: number
  inputCost: number
  split: [number, number, number]
}

interface Raise {
  amount: number
  daily: number | null
  terms: Terms | undefined
}

export function raise(books: Books, found: Hold | undefined, { amount, daily, terms }: Raise, now: number) {
  assertAmount(amount)
  if (daily !== null) assertAmount(daily)
  if (!found) throw new Refused("conflict")
  return rollingFirst(books, found.wallet, now, () => {
    const { wallet, client, scope, day } = found
    const need = BigInt(amount)
    if (found.limited && daily !== null) {
      const of = { client: client!, caller: found.caller, scope }
      const used = books.usedOf(wallet, of, day)
      const left = most(0n, BigInt(daily) - used - books.heldOf(wallet, of, day))
      if (need > left) throw new Refused("app_daily_limit_exceeded")
    }
    const { lots, spendable } = whatPays(books, wallet, found.scope, need, now)
    if (terms && terms.split[1] > 0 && found.developer === null) throw new Defect("a share for nobody")
    breakDue(books, wallet, books.lotsOf(wallet), now)
    for (const { lot, amount: more } of reserve(books, lots, need)) {
      const part = found.parts.find((one) => one.lot === lot)
      if (part) found.parts = found.parts.map((one) => (one === part ? { lot, amount: one.amount + more } : one))
      else found.parts.push({ lot, amount: more })
    }
    const order = books.inOrder(found.parts.map((part) => part.lot))
    found.parts = order.map((lot) => found.parts.find((part) => part.lot === lot)!)
    found.amount += need
    if (terms) {
      found.route = terms.route
      found.inputCost = least(BigInt(terms.inputCost), found.amount)
      found.split = [BigInt(terms.split[0]), BigInt(terms.split[1]), BigInt(terms.split[2])]
    }
    touchHold(books, found)
    return { amountNano: Number(found.amount), balanceAfterNano: Number(spendable - need) }
  })
}

export function renew(books: Books, found: Hold | undefined, leaseMs: number, now: number): boolean {
  assertAmount(leaseMs)
  if (!found) return false
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
