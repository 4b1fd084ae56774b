// What developers earn: by the lots that paid, within the rules for promo credits; pending → payable → paid, or clawed. Part of
// the naive model (SPEC §2, "free credits and the developer's share"; DE-5).
import { type Books, type Charge, Defect, dayOf, type Hold, least, most, type Payout, Refused, sum } from "./books.ts"
import { assertAmount } from "./credits.ts"

/** The developer's part, shared over paid and promo credits; a promo part that does not count is not earned at all. */
export function earn(
  books: Books,
  hold: Hold,
  takes: Charge["takes"],
  part: bigint,
  developer: number | null,
  now: number,
) {
  if (part === 0n) return { paid: 0n, promo: 0n }
  const total = sum(takes.map((take) => take.amount))
  const promoTaken = sum(takes.filter((take) => !take.lot.paid).map((take) => take.amount))
  // Largest remainder; a tie goes to the paid part.
  let promo = (part * promoTaken) / total
  if (((part * promoTaken) % total) * 2n > total) promo += 1n
  const paid = part - promo
  if (promo === 0n || hold.promoCap === 0n) return { paid, promo: 0n }
  const mode = books.modeOf(hold.wallet)
  const account = `${mode} pending ${developer}`
  // A cap is of an account.
  if (hold.promoCap !== null) books.openAccount(account)
  if (hold.wallet === `${mode} ${developer}`) return { paid, promo: 0n }
  if (hold.promoCap === null) return { paid, promo }
  const today = books.earnings.filter(
    (one) => one.account === account && one.day === dayOf(now) && one.source === "promo",
  )
  return { paid, promo: least(promo, most(0n, hold.promoCap - sum(today.map((one) => one.earned)))) }
}

/**
 * Takes back what one usage or sale earned, as far as it is still pending; the promo part first, it matures last.
 * @param matured what the seller has for good, too
 */
export function takeBack(books: Books, transaction: number, amount: bigint, matured = false) {
  let [left, late] = [amount, 0n]
  for (const source of ["promo", "paid"]) {
    const one = books.earnings.find((other) => other.transaction === transaction && other.source === source)
    if (!one || (one.matured && !matured)) continue
    const take = least(left, one.earned - one.clawed + one.late)
    if (one.matured) [one.late, late] = [one.late - take, late + take]
    else one.clawed += take
    left -= take
  }
  return { taken: amount - left, late }
}

export interface Terms {
  paidDays: number
  promoDays: number
}

export function mature(books: Books, wallet: string, terms: Terms, now: number): bigint {
  const account = books.account(wallet, "pending")
  if (!books.accounts.has(account)) return 0n
  const [paidDay, promoDay] = throughDays(terms, now)
  const due = books.earnings.filter(
    (one) => one.account === account && !one.matured && one.day <= (one.source === "paid" ? paidDay : promoDay),
  )
  const amount = sum(due.map((one) => one.earned - one.clawed))
  if (amount === 0n) return 0n
  for (const one of due) one.matured = true
  const entries = [
    { account, lot: null, amount: -amount },
    { account: books.account(wallet, "payable"), lot: null, amount },
  ]
  books.post({ type: "adjustment", mode: books.modeOf(wallet), at: now, entries })
  return amount
}

function throughDays({ paidDays, promoDays }: Terms, now: number): [number, number] {
  for (const days of [paidDays, promoDays]) if (!Number.isInteger(days) || days < 1) throw new Defect("bad days")
  return [dayOf(now) - paidDays, dayOf(now) - promoDays]
}

/** The job: everybody who has something due by the machine's clock, in the order in which they were opened. */
export function matureDue(books: Books, terms: Terms, clockNow: number, bodyNow: number) {
  const [paidDay, promoDay] = throughDays(terms, clockNow)
  let developers = 0
  let matured = 0n
  for (const account of [...books.accounts.keys()]) {
    const [mode, kind, owner] = account.split(" ")
    if (kind !== "pending") continue
    const isDue = books.earnings.some(
      (one) =>
        one.account === account &&
        !one.matured &&
        one.earned > one.clawed &&
        one.day <= (one.source === "paid" ? paidDay : promoDay),
    )
    if (!isDue) continue
    const amount = mature(books, `${mode} ${owner}`, terms, bodyNow)
    if (amount > 0n) developers++
    matured += amount
  }
  return { developers, maturedNano: Number(matured) }
}

export interface PayoutAsk {
  wallet: string
  amount: number
  minimum: number
  key: string
}

const answer = ({ amount, state }: Payout, already: boolean) => ({ amountNano: Number(amount), state, already })

export function requestPayout(books: Books, { wallet, amount, minimum, key }: PayoutAsk, now: number) {
  assertAmount(amount)
  assertAmount(minimum)
  if (key === "") throw new Defect("no key")
  const known = books.payouts.find((one) => one.key === key)
  if (known && (known.wallet !== wallet || known.amount !== BigInt(amount))) throw new Refused("conflict")
  if (known) return answer(known, true)
  const payable = books.balance(books.account(wallet, "payable"))
  if (amount < Math.max(1, minimum) || BigInt(amount) > payable) throw new Refused("validation_failed")
  move(books, wallet, books.account(wallet, "payable"), `${books.modeOf(wallet)} payouts`, BigInt(amount), now)
  const made: Payout = {
    id: books.payouts.length + 1,
    wallet,
    amount: BigInt(amount),
    state: "requested",
    key,
  }
  books.payouts.push(made)
  return answer(made, false)
}

function move(books: Books, wallet: string, from: string, to: string, amount: bigint, now: number): void {
  const entries = [
    { account: from, lot: null, amount: -amount },
    { account: to, lot: null, amount },
  ]
  books.post({ type: "payout", mode: books.modeOf(wallet), at: now, entries })
}

/** It arrives, or it comes back: once. */
export function resolvePayout(books: Books, id: number, state: "paid" | "failed", now: number) {
  const found = books.payouts[id - 1]
  if (!found) throw new Refused("not_found")
  if (found.state === state) return answer(found, true)
  if (found.state !== "requested") throw new Refused("conflict")
  const { wallet, amount } = found
  const mode = books.modeOf(wallet)
  const to = state === "paid" ? `${mode} cash` : books.account(wallet, "payable")
  move(books, wallet, `${mode} payouts`, to, amount, now)
  found.state = state
  return answer(found, false)
}

export function earningsView(books: Books, wallet: string) {
  const mine = books.earnings.filter((one) => one.account === books.account(wallet, "pending"))
  const payouts = books.payouts.filter((one) => one.wallet === wallet)
  const of = (state: string) => Number(sum(payouts.filter((one) => one.state === state).map((one) => one.amount)))
  return {
    pendingNano: Number(sum(mine.filter((one) => !one.matured).map((one) => one.earned - one.clawed))),
    payableNano: Number(books.balance(books.account(wallet, "payable"))),
    requestedNano: of("requested"),
    paidNano: of("paid"),
    clawedNano: Number(sum(mine.map((one) => one.clawed))),
  }
}
