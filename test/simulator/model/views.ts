// What people are shown, as the naive model sees it.
import { type Books, type Lot, sum } from "./books.ts"
import { breakDue, somethingRolls } from "./credits.ts"

/** What is due shows as it will be once that is noticed: gone, or rolled over. Debt shows as it is: what it pays then is paid then. */
export function walletView(books: Books, wallet: string, now: number) {
  if (!somethingRolls(books, wallet, now)) return viewAsBooked(books, wallet, now)
  const undo = books.checkpoint()
  breakDue(books, wallet, books.lotsOf(wallet), now, () => 0n)
  const view = viewAsBooked(books, wallet, now)
  undo()
  // A lot that is not there yet shows under the id of the lot that it continues.
  return { ...view, lots: view.lots.map((lot) => ({ ...lot, id: lot.id > books.lots.length ? lot.from : lot.id })) }
}

function viewAsBooked(books: Books, wallet: string, now: number) {
  const lots = books.inOrder(books.lotsOf(wallet).filter((lot) => !books.isDue(lot, now)))
  const balance = books.spendable(wallet, now, null)
  const debt = books.debt(wallet)
  const expiries = lots.flatMap((lot) => (lot.until === null ? [] : [lot.until]))
  return {
    balanceNano: Number(balance),
    heldNano: Number(sum(books.lotsOf(wallet).map((lot) => books.held(lot)))),
    frozenNano: Number(sum(lots.filter((lot) => lot.frozen).map((lot) => books.free(lot)))),
    debtNano: Number(debt),
    spendableNano: debt > 0n ? 0 : Number(balance),
    nextExpiryMs: expiries.length === 0 ? null : Math.min(...expiries),
    lots: lots.map((lot) => lotView(books, lot)),
  }
}

const lotView = (books: Books, lot: Lot) => ({
  id: lot.id,
  from: lot.rolledFrom ?? lot.id,
  bucket: lot.bucket,
  paid: lot.paid,
  grantedNano: Number(lot.granted),
  remainingNano: Number(lot.remaining),
  heldNano: Number(books.held(lot)),
  priority: lot.priority,
  effectiveMs: lot.from,
  expiresMs: lot.until,
  restriction: lot.restriction,
  frozen: lot.frozen,
})
