// Credits that a claw-back named and a call held: once they come back they pay what it left owed. Part of the naive model.
import { type Books, type Entry, type Lot, least, sum } from "./books.ts"
import { standing } from "./claws.ts"
import { newLot } from "./credits.ts"

interface Repaid {
  claw: string
  /** The posting. */
  by: number
  amount: bigint
  /** Instead of expiring. */
  late: boolean
}

function repaidOf(books: Books): Repaid[] {
  books.parts.repaid ??= []
  return books.parts.repaid as Repaid[]
}

const isUndone = (books: Books, by: number): boolean => books.posted.some((one) => one.reverses === by)

export const isRepaid = (books: Books, claw: string): boolean =>
  repaidOf(books).some((one) => one.claw === claw && !isUndone(books, one.by))

export const isLate = (books: Books, by: number): boolean => repaidOf(books).some((one) => one.by === by && one.late)

export const lateOf = (books: Books, claw: string): bigint =>
  sum(
    repaidOf(books)
      .filter((one) => one.claw === claw && one.late)
      .map(({ amount }) => amount),
  )

/** What claw-backs of this lot, or of the one that it came from, still want; oldest first. */
function owed(books: Books, lot: Lot, but: string | null): { claw: string; left: bigint }[] {
  const root = lot.rolledFrom ?? lot.id
  return standing(books)
    .filter(([key, claw]) => claw.lot === root && key !== but)
    .map(([key, claw]) => {
      const mine = repaidOf(books).filter((one) => one.claw === key && !isUndone(books, one.by))
      return { claw: key, left: claw.debt - sum(mine.map(({ amount }) => amount)) }
    })
    .filter(({ left }) => left > 0n)
}

/** Before it breaks. What is not owed any more, since others paid it, is given anew. @returns what does not break */
export function payClaws(books: Books, lot: Lot, amount: bigint, now: number, but: string | null = null): bigint {
  let missing = amount
  const { wallet } = lot
  for (const { claw, left } of owed(books, lot, but)) {
    const pays = least(left, missing)
    if (pays === 0n) break
    missing -= pays
    lot.expired -= pays
    lot.clawed += pays
    const lifted = least(pays, books.debt(wallet))
    const entries: Entry[] = [{ account: books.account(wallet), lot: lot.id, amount: -pays }]
    if (pays > lifted)
      entries.push({
        account: books.account(wallet),
        lot: anew(books, wallet, pays - lifted, now).id,
        amount: pays - lifted,
      })
    entries.push({ account: books.account(wallet, "debt"), lot: null, amount: lifted })
    const { id } = books.post({ type: "debt", mode: books.modeOf(wallet), at: now, entries })
    repaidOf(books).push({ claw, by: id, amount: pays, late: true })
  }
  return amount - missing
}

/** What a restored claw-back gives to breakage pays first what others of the lot want. @returns what is paid, and how to note it */
export function payOthers(
  books: Books,
  lot: Lot,
  amount: bigint,
  restored: string,
): { paid: bigint; note: (by: number) => void } {
  const parts: Omit<Repaid, "by">[] = []
  let missing = amount
  for (const { claw, left } of owed(books, lot, restored)) {
    const pays = least(left, missing)
    if (pays === 0n) break
    missing -= pays
    parts.push({ claw, amount: pays, late: true })
  }
  return { paid: amount - missing, note: (by) => void repaidOf(books).push(...parts.map((one) => ({ ...one, by }))) }
}

const anew = (books: Books, wallet: string, granted: bigint, now: number): Lot =>
  newLot(books, {
    wallet,
    bucket: "purchase",
    type: "debt",
    paid: true,
    priority: 50,
    restriction: null,
    granted,
    from: now,
    until: null,
    created: now,
    key: `unspent ${books.lots.length + 1}`,
    rollover: null,
    rolledFrom: null,
  })

/** Credits that live paid; those of a lot that a claw-back named count for it. */
export function noteRepaid(books: Books, by: number, takes: { lot: Lot; amount: bigint }[], but: string | null): void {
  for (const { lot, amount } of takes) {
    let missing = amount
    for (const { claw, left } of owed(books, lot, but)) {
      const pays = least(left, missing)
      if (pays === 0n) break
      missing -= pays
      repaidOf(books).push({ claw, by, amount: pays, late: false })
    }
  }
}

export const repaidRows = (books: Books) =>
  repaidOf(books).map(({ claw, by, amount, late }) => ({ claw, by, amount, late: late ? 1 : 0 }))
