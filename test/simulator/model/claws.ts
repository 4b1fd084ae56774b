// Claw-backs and what becomes of them: restored, or lost to a bank; who bears them; lots that are frozen meanwhile. Part of the naive model.
import { type Books, type Clawed, Defect, type Entry, type Lot, least, MOST, most, Refused, sum } from "./books.ts"
import { afterwards, expireGiven, give, once } from "./corrections.ts"
import { assertAmount, breakDue, newLot, repayDebt } from "./credits.ts"
import { isRepaid, lateOf, payOthers } from "./repaid.ts"
import { salesOf } from "./sales.ts"

export interface ClawAsk {
  lotKey: string
  amount: number
  through: string
  key: string
}

const isReversed = (books: Books, key: string) =>
  books.posted.some((one) => one.reverses !== null && books.posted[one.reverses - 1]!.key === key)

/** Was a correction ended by one of this verb? */
const isEnded = (books: Books, key: string, verb: string): boolean =>
  [...books.corrections.values()].some((one) => one.verb === verb && (JSON.parse(one.request) as string[])[0] === key)

/** Corrections that end others, and those that are ended, are never reversed. */
export function isCorrectedElsewhere(books: Books, key: string | null): boolean {
  if (key === null) return false
  if (isRepaid(books, key)) return true
  const verb = books.corrections.get(key)?.verb ?? ""
  return ["restore", "settle"].includes(verb) || ["restore", "settle"].some((one) => isEnded(books, key, one))
}

export const standing = (books: Books): [string, Clawed][] =>
  [...books.corrections].flatMap(([key, one]) => {
    const isOver = !one.claw || isReversed(books, key) || isEnded(books, key, "restore")
    return isOver ? [] : [[key, one.claw!] as [string, Clawed]]
  })

export function clawBack(books: Books, ask: ClawAsk, now: number) {
  assertAmount(ask.amount)
  if (ask.amount === 0) throw new Defect("nothing to claw")
  let claw: Clawed | null = null
  const answer = once(books, ask.key, "claw", [ask.lotKey, ask.amount, ask.through], () => {
    const lot = books.lots.find((one) => one.key === ask.lotKey)
    if (!lot) throw new Refused("not_found")
    const amount = BigInt(ask.amount)
    if (lot.paid === (ask.through === "promo") || lot.rolledFrom !== null || isReversed(books, lot.key))
      throw new Refused("conflict")
    const before = standing(books).filter(([, one]) => one.lot === lot.id)
    if (amount > lot.granted - sum(before.map(([, one]) => one.amount))) throw new Refused("conflict")
    if (books.debt(lot.wallet) + amount > MOST) throw new Refused("validation_failed")
    claw = take(books, lot, amount, ask, now)
    const { takes, debt, broken, calls } = claw
    return {
      brokenNano: Number(broken),
      takenNano: Number(sum(takes.map((one) => one.amount))),
      debtNano: Number(debt),
      fromDevelopersNano: Number(sum(calls.map((one) => one.earned))),
    }
  })
  if (claw) books.corrections.get(ask.key)!.claw = claw
  return answer
}

function take(books: Books, lot: Lot, amount: bigint, { through, key }: ClawAsk, now: number): Clawed {
  const { wallet } = lot
  const mode = books.modeOf(wallet)
  breakDue(books, wallet, books.lotsOf(wallet), now)
  const group = [lot, ...books.lots.filter((one) => one.rolledFrom === lot.id)]
  const takes: Clawed["takes"] = []
  const broken = least(amount, brokenLeft(books, lot))
  let missing = amount - broken
  for (const one of group.filter((other) => !books.isDue(other, now))) {
    const found = least(missing, books.free(one))
    if (found === 0n) continue
    give(books, one, "clawed", found)
    missing -= found
    takes.push({ lot: one.id, amount: found })
  }
  const debt = through === "promo" ? 0n : missing
  const all = amount - missing + debt
  const claw: Clawed = { lot: lot.id, amount: all, takes, debt, broken, through, calls: [] }
  if (all === 0n) return claw
  // What calls hold may come back yet.
  claw.calls = fromDevelopers(books, group, most(0n, debt - sum(group.map((one) => books.held(one)))))
  const entries: Entry[] = takes.map((one) => ({ account: books.account(wallet), lot: one.lot, amount: -one.amount }))
  entries.push({ account: books.account(wallet, "debt"), lot: null, amount: -debt })
  entries.push({ account: `${mode} breakage`, lot: null, amount: -broken })
  entries.push({ account: `${mode} ${through}`, lot: null, amount: all })
  entries.push(
    ...ofDevelopers(
      mode,
      claw.calls.map(({ account, earned }) => ({ account, amount: -earned })),
    ),
  )
  books.post({ type: "refund", mode, at: now, key, entries })
  return claw
}

/** What expired of a lot and its heirs, and of paid ones was voided, without what rolled over and what standing claw-backs gave back of it. */
export function brokenLeft(books: Books, lot: Lot): bigint {
  const heirs = books.lots.filter((one) => one.rolledFrom === lot.id)
  const gone = sum([lot, ...heirs].map((one) => one.expired + (one.paid ? one.voided : 0n)))
  const back = standing(books).filter(([, claw]) => claw.lot === lot.id)
  const restored = [...books.corrections].filter(
    ([key, { claw }]) => claw?.lot === lot.id && isEnded(books, key, "restore"),
  )
  const lateBack = sum(restored.map(([key]) => lateOf(books, key)))
  return gone - sum(heirs.map(({ granted }) => granted)) - sum(back.map(([, claw]) => claw.broken)) + lateBack
}

/** Newest calls first; each bears its share of what is pending of its earning with paid credits. */
function fromDevelopers(books: Books, group: Lot[], spent: bigint): Clawed["calls"] {
  const calls: Clawed["calls"] = []
  let left = spent
  const sold = salesOf(books).map(({ id, takes }) => ({
    id,
    takes: takes.map(({ lot, amount }) => ({ lot: { id: lot }, amount })),
  }))
  for (const charge of [...books.charges, ...sold].sort((a, b) => b.id - a.id)) {
    if (left === 0n) break
    const counted = sum(
      standing(books).flatMap(([, claw]) =>
        claw.calls.filter((one) => one.charge === charge.id).map((one) => one.credits),
      ),
    )
    const credits = least(
      left,
      paidBy(
        books,
        charge,
        group.map(({ id }) => id),
      ) - counted,
    )
    if (credits <= 0n) continue
    left -= credits
    const earning = books.earnings.find((one) => one.transaction === charge.id && one.source === "paid")
    const earned = earning ? earning.earned - earning.clawed + earning.late : 0n
    const of =
      paidBy(
        books,
        charge,
        books.lots.filter(({ paid }) => paid).map(({ id }) => id),
      ) - counted
    const share = earning && !earning.matured ? (credits >= of ? earned : (earned * credits) / of) : 0n
    if (earning) earning.clawed += share
    calls.push({ charge: charge.id, credits, earned: share, account: earning?.account ?? "" })
  }
  return calls
}

/** A call or a sale. */
interface Spent {
  id: number
  takes: { lot: { id: number }; amount: bigint }[]
}

/** What these lots paid for a call, less what came back. */
function paidBy(books: Books, charge: Spent, lots: number[]): bigint {
  const took = sum(charge.takes.filter(({ lot }) => lots.includes(lot.id)).map(({ amount }) => amount))
  const back = afterwards(books, books.posted[charge.id - 1]!).filter(({ lot }) => lot !== null && lots.includes(lot))
  return took - sum(back.map(({ amount }) => amount))
}

/** Each account once, in the order in which they come; revenue is the other side. */
function ofDevelopers(mode: string, moves: { account: string; amount: bigint }[]): Entry[] {
  const accounts = new Map<string, bigint>()
  for (const { account, amount } of moves)
    if (amount !== 0n) accounts.set(account, (accounts.get(account) ?? 0n) + amount)
  const entries = [...accounts].map(([account, amount]) => ({ account, lot: null, amount }))
  return [...entries, { account: `${mode} revenue`, lot: null, amount: -sum(entries.map(({ amount }) => amount)) }]
}

function standingClaw(books: Books, key: string): Clawed {
  const claw = books.corrections.get(key)?.claw
  if (!claw) throw new Refused("not_found")
  if (isReversed(books, key) || isEnded(books, key, "restore")) throw new Refused("conflict")
  return claw
}

export function restoreClaw(books: Books, clawKey: string, key: string, now: number) {
  return once(books, key, "restore", [clawKey], () => {
    const claw = standingClaw(books, clawKey)
    if (claw.amount === 0n)
      return {
        brokenNano: 0,
        restoredNano: 0,
        debtLiftedNano: 0,
        grantedNano: 0,
        expiredNano: 0,
        repaidNano: 0,
        toDevelopersNano: 0,
      }
    const { wallet } = books.lots[claw.lot - 1]!
    const mode = books.modeOf(wallet)
    const account = books.account(wallet)
    if (books.balance(account) + claw.amount > MOST) throw new Refused("validation_failed")
    breakDue(books, wallet, books.lotsOf(wallet), now)
    const late = lateOf(books, clawKey)
    const others = payOthers(books, books.lots[claw.lot - 1]!, claw.broken + late, clawKey)
    const broken = claw.broken + late - others.paid
    const owed = claw.debt - late + others.paid
    const lifted = least(owed, books.debt(wallet))
    const granted = owed - lifted
    const entries: Entry[] = claw.takes.map(({ lot, amount }) => ({ account, lot, amount }))
    if (granted > 0n) entries.push({ account, lot: given(books, wallet, granted, key, now).id, amount: granted })
    entries.push({ account: books.account(wallet, "debt"), lot: null, amount: lifted })
    entries.push({ account: `${mode} breakage`, lot: null, amount: broken })
    const from = isEnded(books, clawKey, "settle") ? "cash" : claw.through
    entries.push({ account: `${mode} ${from}`, lot: null, amount: -claw.amount })
    entries.push(...ofDevelopers(mode, toDevelopers(books, claw)))
    others.note(books.post({ type: "refund", mode, at: now, key, entries }).id)
    const gives = claw.takes.map(({ lot, amount }) => ({ lot: books.lots[lot - 1]!, amount }))
    for (const { lot, amount } of gives) give(books, lot, "clawed", -amount)
    const expired = expireGiven(books, wallet, gives, now, clawKey)
    return {
      brokenNano: Number(broken),
      restoredNano: Number(claw.amount - claw.debt - claw.broken),
      debtLiftedNano: Number(lifted),
      grantedNano: Number(granted),
      expiredNano: Number(expired),
      repaidNano: Number(repayDebt(books, wallet, now, clawKey)),
      toDevelopersNano: Number(sum(claw.calls.map((one) => one.earned))),
    }
  })
}

const given = (books: Books, wallet: string, granted: bigint, key: string, now: number): Lot =>
  newLot(books, {
    wallet,
    bucket: "purchase",
    type: "refund",
    paid: true,
    priority: 50,
    restriction: null,
    granted,
    from: now,
    until: null,
    created: now,
    key,
    rollover: null,
    rolledFrom: null,
  })

/** To pending, or to payable where the day has matured. */
function toDevelopers(books: Books, claw: Clawed): { account: string; amount: bigint }[] {
  const calls = claw.calls.filter(({ earned }) => earned > 0n).sort((a, b) => b.charge - a.charge)
  return calls.map(({ charge, earned, account }) => {
    const earning = books.earnings.find((one) => one.transaction === charge && one.source === "paid")!
    if (!earning.matured) earning.clawed -= earned
    else earning.late += earned
    return { account: earning.matured ? account.replace("pending", "payable") : account, amount: earned }
  })
}

export function settleDispute(books: Books, clawKey: string, key: string, now: number) {
  return once(books, key, "settle", [clawKey], () => {
    const { amount, through, lot } = standingClaw(books, clawKey)
    if (through !== "disputes" || isEnded(books, clawKey, "settle")) throw new Refused("conflict")
    const mode = books.modeOf(books.lots[lot - 1]!.wallet)
    const entries = [
      { account: `${mode} disputes`, lot: null, amount: -amount },
      { account: `${mode} cash`, lot: null, amount },
    ]
    books.post({ type: "adjustment", mode, at: now, key, entries })
    return { lostNano: Number(amount) }
  })
}

const heirsOf = (books: Books, lot: Lot): Lot[] => [lot, ...books.lots.filter((one) => one.rolledFrom === lot.id)]

function setFrozen(books: Books, lot: Lot, frozen: boolean): void {
  for (const one of heirsOf(books, lot)) {
    one.frozen = frozen
    books.touchLot(one)
  }
}

export function freezeLot(books: Books, lotKey: string, key: string, now: number) {
  return once(books, key, "freeze", [lotKey], () => {
    const lot = books.lots.find((one) => one.key === lotKey)
    if (!lot) throw new Refused("not_found")
    if (lot.rolledFrom !== null) throw new Refused("conflict")
    breakDue(books, lot.wallet, books.lotsOf(lot.wallet), now)
    setFrozen(books, lot, true)
    const alive = heirsOf(books, lot).filter((one) => !books.isDue(one, now))
    return { frozenNano: Number(sum(alive.map((one) => books.free(one)))) }
  })
}

export function thawLot(books: Books, freezeKey: string, key: string, now: number) {
  return once(books, key, "thaw", [freezeKey], () => {
    const freeze = books.corrections.get(freezeKey)
    if (freeze?.verb !== "freeze") throw new Refused("not_found")
    if (isEnded(books, freezeKey, "thaw")) throw new Refused("conflict")
    const lot = books.lots.find((one) => one.key === (JSON.parse(freeze.request) as string[])[0])!
    const others = [...books.corrections].filter(
      ([other, one]) =>
        other !== freezeKey &&
        one.verb === "freeze" &&
        one.request === freeze.request &&
        !isEnded(books, other, "thaw"),
    )
    if (others.length > 0) return { isFrozen: true, repaidNano: 0 }
    setFrozen(books, lot, false)
    return { isFrozen: false, repaidNano: Number(repayDebt(books, lot.wallet, now)) }
  })
}
