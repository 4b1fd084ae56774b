// Corrections: refunds of calls, reversals, claw-backs, adjustments, set balances, voids. Part of the naive model; each key does one
// thing, a refusal changes nothing.
import {
  type Books,
  type Charge,
  Defect,
  type Entry,
  type Lot,
  least,
  MOST,
  most,
  type Posted,
  Refused,
  sum,
} from "./books.ts"
import { bestSplit } from "./calls.ts"
import { brokenLeft, isCorrectedElsewhere } from "./claws.ts"
import { assertAmount, breakDue, grant, postBreakage } from "./credits.ts"
import { takeBack } from "./earnings.ts"
import { isLate, payClaws } from "./repaid.ts"
import { salesOf } from "./sales.ts"
import { walletView } from "./views.ts"

/** The same key with the same question gives the first answer, anything else under that key is refused. */
export function once<T extends object>(books: Books, key: string, verb: string, request: unknown, act: () => T) {
  if (key === "") throw new Defect("no key")
  const asked = JSON.stringify(request)
  const known = books.corrections.get(key)
  if (known ? known.verb !== verb || known.request !== asked : books.isKeyTaken(key)) throw new Refused("conflict")
  if (known) return { ...known.answer, already: true } as T & { already: boolean }
  const answer = act()
  books.corrections.set(key, { verb, request: asked, answer })
  return { ...answer, already: false }
}

export const give = (
  books: Books,
  lot: Lot,
  figure: "consumed" | "expired" | "voided" | "clawed",
  amount: bigint,
): void => {
  lot[figure] += amount
  lot.remaining -= amount
  books.touchLot(lot)
}

/** Credits that came back to a lot whose time is over expire at once; they do not roll over. */
export function expireGiven(
  books: Books,
  wallet: string,
  gives: { lot: Lot; amount: bigint }[],
  now: number,
  restored: string | null = null,
): bigint {
  const late = gives.filter(({ lot }) => books.isDue(lot, now))
  for (const { lot, amount } of late) give(books, lot, "expired", amount)
  const entries = late.map(({ lot, amount }) => {
    const paid = payClaws(books, lot, amount, now, restored)
    return { account: books.account(wallet), lot: lot.id, amount: paid - amount }
  })
  return postBreakage(books, wallet, entries, now)
}

const walletSum = (entries: Entry[]): bigint => sum(entries.filter((one) => one.lot !== null).map((one) => one.amount))
const kindSum = (entries: Entry[], kind: string): bigint =>
  sum(entries.filter((one) => one.account.split(" ")[1] === kind).map((one) => one.amount))
/** Everything that was booked about a call after its settle, and what was given back of a sale. */
export const afterwards = (books: Books, { id, type }: Posted): Entry[] =>
  books.posted
    .filter((one) =>
      type === "sale" ? refundedSale(books, one.key) === id : one.charge === id && one.type !== "usage",
    )
    .flatMap((one) => one.entries)
/** The sale that this key gave back, or a part of it. */
function refundedSale(books: Books, key: string | null): number | null {
  const found = key === null ? null : books.corrections.get(key)
  if (found?.verb !== "refund") return null
  const [id] = JSON.parse(found.request) as [number]
  return books.posted[id - 1]!.type === "sale" ? id : null
}
const lotOf = (books: Books, entry: Entry): Lot => books.lots[entry.lot! - 1]!

const chargeOf = (books: Books, id: number): Charge => books.charges.find((one) => one.id === id)!

/** Counts at once for the day that the call counts for. */
function giveBack(books: Books, chargeId: number, amount: bigint): void {
  const charge = chargeOf(books, chargeId)
  charge.back += amount
  books.dirtyHolds.add(charge.hold)
}

export function refundCharge(books: Books, id: number, amount: number | undefined, key: string, now: number) {
  if (amount !== undefined) {
    assertAmount(amount)
    if (amount === 0) throw new Defect("nothing to refund")
  }
  return once(books, key, "refund", [id, amount ?? null], () => {
    const paid = books.posted[id - 1]
    if (!paid) throw new Refused("not_found")
    const sale = salesOf(books).find((one) => one.id === id)
    if (paid.type !== "usage" && !sale) throw new Refused("conflict")
    const after = afterwards(books, paid)
    const collected = -walletSum(paid.entries)
    const left = collected - walletSum(after)
    const back = amount === undefined ? left : BigInt(amount)
    if (left === 0n || back > left) throw new Refused("conflict")
    const wallet = sale?.wallet ?? chargeOf(books, id).hold.wallet
    const account = books.account(wallet)
    if (books.balance(account) + back > MOST) throw new Refused("validation_failed")
    breakDue(books, wallet, books.lotsOf(wallet), now)

    const parts = partsLeft(paid, BigInt(sale?.commission ?? 0), collected, left, after)
    const [upstream, developer, platform] = bestSplit(back, parts)
    const { taken, late } = takeBack(books, id, developer, sale !== undefined)
    const gives = lastFirst(books, paid, after, back)
    const mode = books.modeOf(wallet)
    const earner = paid.entries.find((one) => one.account.includes("pending"))?.account
    if (late > 0n) books.openAccount(earner!.replace("pending", "payable"))
    const entries: Entry[] = [
      { account: `${mode} promo`, lot: null, amount: -(upstream + developer - taken) },
      { account: `${mode} revenue`, lot: null, amount: -platform },
      ...(earner ? [{ account: earner, lot: null, amount: late - taken }] : []),
      ...(late > 0n ? [{ account: earner!.replace("pending", "payable"), lot: null, amount: -late }] : []),
      ...gives.map(({ lot, amount: given }) => ({ account, lot: lot.id, amount: given })),
    ]
    books.post({ type: "refund", mode, at: now, key, charge: sale ? null : id, entries })
    for (const one of gives) give(books, one.lot, "consumed", -one.amount)
    if (!sale) giveBack(books, id, back)
    const expired = expireGiven(books, wallet, gives, now)
    return {
      refundedNano: Number(back),
      expiredNano: Number(expired),
      fromDeveloperNano: Number(taken),
      fromPlatformNano: Number(platform),
      lots: gives.map((one) => ({ lotId: one.lot.id, amountNano: Number(one.amount), paid: one.lot.paid })),
    }
  })
}

/**
 * Whose money is left of a call: revenue that was not given back is the platform's, the developer's is what was not taken, the rest is
 * the upstream's (what promo paid for either of them, the upstream's part bears).
 */
function partsLeft(
  usage: Posted,
  commission: bigint,
  collected: bigint,
  left: bigint,
  after: Entry[],
): [bigint, bigint, bigint] {
  const upstream = least(kindSum(usage.entries, "upstream_payable"), collected)
  const developer = least(kindSum(usage.entries, "pending") - commission, collected - upstream)
  const platform = collected - upstream - developer + kindSum(after, "revenue")
  const taken = kindSum(after, "pending") + kindSum(after, "payable")
  const stillDeveloper = least(developer + taken, left - platform)
  return [left - platform - stillDeveloper, stillDeveloper, platform]
}

function lastFirst(books: Books, usage: Posted, after: Entry[], amount: bigint): { lot: Lot; amount: bigint }[] {
  const gives: { lot: Lot; amount: bigint }[] = []
  let missing = amount
  for (const entry of usage.entries.filter((one) => one.lot !== null).reverse()) {
    const back = sum(after.filter((one) => one.lot === entry.lot).map((one) => one.amount))
    const given = least(missing, -entry.amount - back)
    if (given > 0n) gives.push({ lot: lotOf(books, entry), amount: given })
    missing -= given
  }
  return gives
}

const GRANTS = [
  "topup",
  "subscription",
  "daily_bonus",
  "coupon",
  "bonus",
  "referral",
  "sponsor",
  "refund",
  "adjustment",
]

export function reverse(books: Books, id: number, now: number) {
  const original = books.posted[id - 1]
  if (!original) throw new Refused("not_found")
  const reversal = books.posted.find((one) => one.reverses === id)
  if (reversal) return { already: true }
  const { entries, mode, charge } = original
  const onLots = entries.filter((one) => one.lot !== null)
  const madeLot = (entry: Entry) => lotOf(books, entry).key === original.key
  const wallet = onLots.length > 0 ? lotOf(books, onLots[0]!).wallet : ""
  refuseReversal(books, original, onLots, madeLot, now)
  if (walletSum(entries) < 0n && books.balance(books.account(wallet)) - walletSum(entries) > MOST)
    throw new Refused("validation_failed")

  if (wallet !== "") breakDue(books, wallet, books.lotsOf(wallet), now)
  const earned = kindSum(entries, "pending")
  if (earned > 0n) takeBack(books, id, earned)
  const opposite = entries.map((one) => ({ ...one, amount: -one.amount }))
  books.post({ type: "reversal", mode, at: now, reverses: id, charge, entries: opposite })
  for (const entry of onLots) give(books, lotOf(books, entry), figureOf(original, madeLot(entry)), entry.amount)
  if (charge !== null) giveBack(books, charge, -walletSum(entries))
  const gives = onLots.filter((one) => one.amount < 0n).map((one) => ({ lot: lotOf(books, one), amount: -one.amount }))
  return { expiredNano: Number(wallet === "" ? 0n : expireGiven(books, wallet, gives, now)), already: false }
}

/** The figure of the lot that the original moved; a grant's own lot counts its opposite as clawed. */
function figureOf({ type, charge }: Posted, isGrant: boolean): "consumed" | "voided" | "clawed" {
  if (isGrant || type === "debt") return "clawed"
  if (type === "usage") return "consumed"
  if (type === "refund") return charge !== null ? "consumed" : "clawed"
  return "voided"
}

function refuseReversal(
  books: Books,
  original: Posted,
  onLots: Entry[],
  madeLot: (entry: Entry) => boolean,
  now: number,
): void {
  const { type, entries } = original
  if (
    isCorrectedElsewhere(books, original.key) ||
    refundedSale(books, original.key) !== null ||
    isLate(books, original.id)
  )
    throw new Refused("conflict")
  if (type === "reversal" || type === "expiry" || entries.length === 0) throw new Refused("conflict")
  if (type === "sponsor" && onLots.length > 1) throw new Refused("conflict")
  const isRollover = type === "subscription" && onLots.some((one) => !madeLot(one))
  if (isRollover || (!GRANTS.includes(type) && type !== "usage" && type !== "debt")) throw new Refused("conflict")
  if (type === "usage" && walletSum(afterwards(books, original)) !== 0n) throw new Refused("conflict")
  const earned = kindSum(entries, "pending")
  const mine = books.earnings.filter((one) => one.transaction === original.id && !one.matured)
  if (earned < 0n || earned > sum(mine.map((one) => one.earned - one.clawed))) throw new Refused("conflict")
  for (const entry of onLots) {
    const lot = lotOf(books, entry)
    const free = books.isDue(lot, now) ? 0n : books.free(lot)
    if (entry.amount > free) throw new Refused("conflict")
  }
  refuseVoidOfPaidBack(books, original, onLots, madeLot)
  for (const { account, amount } of entries)
    if (account.split(" ")[1] === "debt" && books.balance(account) - amount > 0n) throw new Refused("conflict")
}

/** What was taken away of credits whose money went back since stays away. */
function refuseVoidOfPaidBack(books: Books, original: Posted, onLots: Entry[], madeLot: (entry: Entry) => boolean) {
  const voided = onLots.filter((one) => figureOf(original, madeLot(one)) === "voided" && lotOf(books, one).paid)
  const rootOf = (entry: Entry) => lotOf(books, entry).rolledFrom ?? entry.lot!
  for (const [root, rows] of Map.groupBy(voided, rootOf)) {
    const back = -sum(rows.map(({ amount }) => amount))
    if (back > 0n && back > brokenLeft(books, books.lots[root - 1]!)) throw new Refused("conflict")
  }
}

export function adjust(books: Books, wallet: string, amount: number, key: string, now: number) {
  assertAmount(Math.abs(amount))
  if (amount === 0) throw new Defect("an adjustment of nothing")
  return once(books, key, "adjust", [wallet, amount], () => {
    const { balanceNano } = walletView(books, wallet, now)
    if (-amount > balanceNano) throw new Refused("conflict")
    return shift(books, wallet, amount, balanceNano, key, now)
  })
}

export function setBalance(books: Books, wallet: string, balance: number, key: string, now: number) {
  assertAmount(balance)
  return once(books, key, "set", [wallet, balance], () => {
    const { balanceNano, heldNano } = walletView(books, wallet, now)
    if (balance < heldNano) throw new Refused("conflict")
    return shift(books, wallet, balance - heldNano - balanceNano, balanceNano, key, now)
  })
}

function shift(books: Books, wallet: string, amount: number, balance: number, key: string, now: number) {
  const answer = { amountNano: amount, balanceAfterNano: balance + amount }
  if (amount === 0) return answer
  if (amount > 0) {
    grant(books, { wallet, type: "adjustment", bucket: "adjustment", amount, paid: false, key }, now)
    return answer
  }
  breakDue(books, wallet, books.lotsOf(wallet), now)
  const takes: { lot: Lot; amount: bigint }[] = []
  let missing = BigInt(-amount)
  for (const lot of books.usable(wallet, now, null)) {
    const take = least(missing, books.free(lot))
    if (take > 0n) takes.push({ lot, amount: take })
    missing -= take
  }
  takeAway(books, wallet, takes, key, now)
  return answer
}

/** Promo credits go back to promo, paid ones become breakage. */
function takeAway(books: Books, wallet: string, takes: { lot: Lot; amount: bigint }[], key: string, now: number): void {
  const mode = books.modeOf(wallet)
  const entries: Entry[] = []
  for (const { lot, amount } of takes) {
    give(books, lot, "voided", amount)
    entries.push({ account: books.account(wallet), lot: lot.id, amount: -amount })
  }
  const paid = sum(takes.filter((one) => one.lot.paid).map((one) => one.amount))
  const promo = sum(takes.filter((one) => !one.lot.paid).map((one) => one.amount))
  entries.push({ account: `${mode} breakage`, lot: null, amount: paid })
  entries.push({ account: `${mode} promo`, lot: null, amount: promo })
  books.post({ type: "adjustment", mode, at: now, key, entries })
}

export function voidLot(books: Books, id: number, key: string, now: number) {
  return once(books, key, "void", [id], () => {
    const lot = books.lots[id - 1]
    if (!lot) throw new Refused("not_found")
    const amount = books.isDue(lot, now) ? 0n : most(0n, books.free(lot))
    if (amount === 0n) throw new Refused("conflict")
    breakDue(books, lot.wallet, books.lotsOf(lot.wallet), now)
    takeAway(books, lot.wallet, [{ lot, amount }], key, now)
    return { voidedNano: Number(amount) }
  })
}
