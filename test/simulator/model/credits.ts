// Credits that arrive and go by themselves: grants, daily claims, expiry. Part of the naive model.
import {
  type Books,
  type Claim,
  DAY,
  Defect,
  dayOf,
  type Entry,
  type Lot,
  least,
  MOST,
  Refused,
  type Rollover,
  sum,
} from "./books.ts"
import { noteRepaid, payClaws } from "./repaid.ts"

/** The account that is debited, by type (the README's posting table). */
const SOURCE: Record<string, string> = {
  topup: "cash",
  subscription: "cash",
  daily_bonus: "promo",
  coupon: "promo",
  bonus: "promo",
  referral: "promo",
  sponsor: "sponsor",
  refund: "promo",
  adjustment: "promo",
}

export interface Grant {
  wallet: string
  type: string
  bucket: string
  amount: number
  paid: boolean
  priority?: number | undefined
  from?: number | undefined
  until?: number | null
  restriction?: string | null
  key: string
  rollover?: Rollover | null
}

export const assertAmount = (amount: number): void => {
  if (!Number.isInteger(amount) || amount < 0 || amount > Number.MAX_SAFE_INTEGER) throw new Defect("bad amount")
}

export function newLot(
  books: Books,
  terms: Omit<Lot, "id" | "consumed" | "expired" | "voided" | "clawed" | "remaining" | "frozen"> & { frozen?: boolean },
) {
  const lot: Lot = {
    frozen: false,
    ...terms,
    id: books.lots.length + 1,
    consumed: 0n,
    expired: 0n,
    voided: 0n,
    clawed: 0n,
    remaining: terms.granted,
  }
  books.lots.push(lot)
  books.touchLot(lot)
  return lot
}

export function grant(books: Books, input: Grant, now: number) {
  assertAmount(input.amount)
  if (input.amount === 0 || input.key === "") throw new Defect("a grant needs an amount and a key")
  const from = input.from ?? now
  const until = input.until ?? null
  if (until !== null && until <= from) throw new Defect("expires before it begins")
  const { rollover } = input
  if (rollover) {
    for (const figure of [rollover.max, rollover.cap ?? 0, rollover.lifetimeMs]) assertAmount(Number(figure))
    if (rollover.lifetimeMs === 0 || until === null) throw new Defect("rolls over to no time")
  }
  const known = books.lots.find((lot) => lot.key === input.key)
  if (known) {
    const same =
      known.wallet === input.wallet &&
      known.type === input.type &&
      known.bucket === input.bucket &&
      known.paid === input.paid &&
      known.granted === BigInt(input.amount)
    if (!same) throw new Refused("conflict")
    return { lotId: known.id, already: true }
  }
  if (books.isKeyTaken(input.key)) throw new Refused("conflict")
  const account = books.account(input.wallet)
  if (books.balance(account) + BigInt(input.amount) > MOST) throw new Refused("validation_failed")
  books.openAccount(account)
  const mode = books.modeOf(input.wallet)
  const granted = BigInt(input.amount)
  const lot = newLot(books, {
    wallet: input.wallet,
    bucket: input.bucket,
    type: input.type,
    paid: input.paid,
    priority: input.priority ?? 50,
    restriction: input.restriction ?? null,
    granted,
    from,
    until,
    created: now,
    key: input.key,
    rollover: input.rollover ?? null,
    rolledFrom: null,
  })
  // A subscription that nobody paid for is a gift of the operator.
  const source = input.type === "subscription" && !input.paid ? "promo" : SOURCE[input.type]
  const entries = [
    { account: `${mode} ${source}`, lot: null, amount: -granted },
    { account, lot: lot.id, amount: granted },
  ]
  books.post({ type: input.type, mode, at: now, key: input.key, entries })
  if (until !== null && until <= now) breakDue(books, input.wallet, books.lotsOf(input.wallet), now)
  if (input.paid) repayDebt(books, input.wallet, now)
  return { lotId: lot.id, already: false }
}

/** Paid lots, also those that begin later, pay what is owed, in the order of consumption; promo lots never do. */
export function repayDebt(books: Books, wallet: string, now: number, but: string | null = null): bigint {
  if (books.debt(wallet) === 0n) return 0n
  breakDue(books, wallet, books.lotsOf(wallet), now)
  // Credits whose time is over may have paid it.
  const debt = books.debt(wallet)
  if (debt === 0n) return 0n
  const entries: Entry[] = []
  const takes: { lot: Lot; amount: bigint }[] = []
  let missing = debt
  for (const lot of books.inOrder(
    books.lotsOf(wallet).filter((one) => one.paid && !one.frozen && !books.isDue(one, now)),
  )) {
    const amount = least(missing, books.free(lot))
    if (amount === 0n) continue
    lot.remaining -= amount
    lot.clawed += amount
    missing -= amount
    books.touchLot(lot)
    entries.push({ account: books.account(wallet), lot: lot.id, amount: -amount })
    takes.push({ lot, amount })
  }
  if (missing === debt) return 0n
  entries.push({ account: books.account(wallet, "debt"), lot: null, amount: debt - missing })
  const { id } = books.post({ type: "debt", mode: books.modeOf(wallet), at: now, entries })
  noteRepaid(books, id, takes, but)
  return debt - missing
}

/**
 * What is due and unheld among these lots of one wallet rolls over as far as its terms allow; the rest becomes breakage.
 * Everything counts from the lot's own expiry, however late it is noticed. @returns n$ lost
 */
export function breakDue(books: Books, wallet: string, lots: Lot[], now: number, pays = payClaws): bigint {
  const due = lots.filter((lot) => books.isDue(lot, now) && books.free(lot) > 0n)
  const rolling = due.filter((lot) => lot.rollover !== null).sort((a, b) => a.until! - b.until! || a.id - b.id)
  const lost = new Map(due.map((lot) => [lot, books.free(lot)]))
  for (const lot of rolling) {
    const amount = rollsOver(books, lot)
    if (amount <= 0n) continue
    lost.set(lot, lost.get(lot)! - amount)
    const heir = rollOver(books, lot, amount, now)
    if (books.isDue(heir, now)) lost.set(heir, amount)
  }
  const entries: Entry[] = []
  for (const [lot, amount] of lost) {
    lot.remaining -= amount
    lot.expired += amount
    books.touchLot(lot)
    const paid = pays(books, lot, amount, now)
    entries.push({ account: books.account(wallet), lot: lot.id, amount: paid - amount })
  }
  return postBreakage(books, wallet, entries, now)
}

export function postBreakage(books: Books, wallet: string, entries: Entry[], now: number): bigint {
  const mode = books.modeOf(wallet)
  const broken = -sum(entries.map((one) => one.amount))
  if (broken === 0n) return 0n
  const breakage = { account: `${mode} breakage`, lot: null, amount: broken }
  books.post({ type: "expiry", mode, at: now, entries: [...entries, breakage] })
  return broken
}

/** min(unheld, what is left of the lot's maximum, room under the cap among rolled-over lots that outlive this expiry). */
function rollsOver(books: Books, lot: Lot): bigint {
  const { max, cap } = lot.rollover!
  const before = sum(books.lots.filter((one) => one.rolledFrom === lot.id).map((one) => one.granted))
  const alive = books.lotsOf(lot.wallet).filter((one) => one.rolledFrom !== null && one.until! > lot.until!)
  const room = cap === null ? MOST : cap - sum(alive.map((one) => one.remaining))
  return least(books.free(lot), max - before, room)
}

function rollOver(books: Books, lot: Lot, amount: bigint, now: number): Lot {
  const { id, wallet, bucket, paid, priority, restriction } = lot
  const times = books.lots.filter((one) => one.rolledFrom === id).length
  const heir = newLot(books, {
    wallet,
    bucket,
    paid,
    priority,
    restriction,
    type: "subscription",
    granted: amount,
    from: lot.until!,
    until: lot.until! + lot.rollover!.lifetimeMs,
    created: now,
    key: `rollover ${id} ${times + 1}`,
    rollover: null,
    rolledFrom: id,
    frozen: lot.frozen,
  })
  lot.remaining -= amount
  lot.expired += amount
  const account = books.account(wallet)
  const entries = [
    { account, lot: id, amount: -amount },
    { account, lot: heir.id, amount },
  ]
  books.post({ type: "subscription", mode: books.modeOf(wallet), at: now, entries })
  return heir
}

/** Would something roll over now? Then that happens before anything is decided. */
export const somethingRolls = (books: Books, wallet: string, now: number): boolean =>
  books.lotsOf(wallet).some((lot) => lot.rollover !== null && books.isDue(lot, now) && books.free(lot) > 0n)

export interface Ask {
  wallet: string
  amount: number
  budget: number | null
  lifetimeMs?: number | undefined
}

export const lastClaim = (books: Books, wallet: string): Claim | undefined =>
  books.claims.findLast((claim) => claim.wallet === wallet)

export function claim(books: Books, { wallet, amount, budget, lifetimeMs = 2 * DAY }: Ask, now: number) {
  assertAmount(amount)
  if (amount === 0) throw new Defect("a claim is above 0")
  if (budget !== null) assertAmount(budget)
  const last = lastClaim(books, wallet)
  if (last && now < last.at + DAY) throw new Refused("claim_not_due")
  const day = `${books.modeOf(wallet)}|${dayOf(now)}`
  const given = books.budgets.get(day)?.granted ?? 0n
  if (budget !== null && given + BigInt(amount) > BigInt(budget)) throw new Refused("free_budget_spent")
  const { lotId } = grant(
    books,
    {
      wallet,
      type: "daily_bonus",
      bucket: "daily",
      amount,
      paid: false,
      until: now + lifetimeMs,
      key: `claim ${wallet} ${now}`,
    },
    now,
  )
  const streak = last && now - last.at <= 2 * DAY ? last.streak + 1 : 1
  const transaction = books.posted.length
  books.claims.push({
    wallet,
    at: now,
    amount: BigInt(amount),
    streak,
    budget: budget === null ? null : BigInt(budget),
    transaction,
  })
  if (budget !== null) books.budgets.set(day, { granted: given + BigInt(amount), budget: BigInt(budget) })
  return { grantedNano: amount, streak, nextAtMs: now + DAY, lotId }
}

export function claimStatus(books: Books, wallet: string, now: number) {
  const last = lastClaim(books, wallet)
  if (!last) return { dueAtMs: 0, isDue: true, streak: 0, lastAtMs: null }
  const due = last.at + DAY
  return { dueAtMs: due, isDue: now >= due, streak: now - last.at <= 2 * DAY ? last.streak : 0, lastAtMs: last.at }
}

/** The job: wallets with something due by the machine's clock, in the order in which they were opened. */
export function expireDue(books: Books, clockNow: number, bodyNow: number): { wallets: number; expiredNano: number } {
  let wallets = 0
  let expired = 0n
  for (const account of books.accounts.keys()) {
    const [mode, kind, owner] = account.split(" ")
    if (kind !== "wallet") continue
    const lots = books.lotsOf(`${mode} ${owner}`)
    if (!lots.some((lot) => books.isDue(lot, clockNow) && books.free(lot) > 0n)) continue
    const broken = breakDue(books, `${mode} ${owner}`, lots, bodyNow)
    if (broken > 0n) wallets++
    expired += broken
  }
  return { wallets, expiredNano: Number(expired) }
}
