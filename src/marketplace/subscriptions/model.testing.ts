// What subscriptions come to, naively: a model of plans, periods, trials, changes and payments that shares nothing with the rules but the words.
// The year of `year.test.ts` is held against it.
import { DAY_MS } from "../../app/index.ts"

export const PEOPLE = [1, 2, 3, 4, 5]
const GRACE = 3 * DAY_MS
export const OUT = 30 * DAY_MS
const RETRY = 10 * 60_000
export const COMMISSION = 1_000n

export type Cycle = "week" | "month" | "year"
interface Terms {
  id: number
  price: bigint
  cycle: Cycle
  trial: number
}
interface Sub {
  id: number
  publicId: string
  who: number
  plan: number
  terms: Terms
  /** What the newest bill was for. */
  billed: { plan: number; terms: Terms }
  state: "trialing" | "active" | "past_due" | "banned" | "ended"
  anchor: number
  start: number
  end: number
  created: number
  isTrial: boolean
  cancelled: boolean
  next: number | null
  since: number
  grace: number
  owed: bigint | null
  retry: number
}

/** Month by month from the anchor, the last day where the month is shorter. */
function spanAt(cycle: Cycle, anchor: number, at: number): [number, number] {
  const nth = (n: number): number => {
    if (cycle === "week") return anchor + n * 7 * DAY_MS
    const from = new Date(anchor)
    const month = from.getUTCMonth() + n * (cycle === "year" ? 12 : 1)
    const last = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate()
    return Date.UTC(from.getUTCFullYear(), month, Math.min(from.getUTCDate(), last)) + (anchor % DAY_MS)
  }
  let n = 0
  while (nth(n + 1) <= at) n++
  return [nth(n), nth(n + 1)]
}

export class Model {
  paid = new Map<number, bigint>(PEOPLE.map((who) => [who, 0n]))
  gross = 0n
  commission = 0n
  refunded = 0n
  subs: Sub[] = []
  /** Present terms by plan. */
  plans = new Map<number, { rank: number; terms: Terms }>()
  triedBefore = new Set<number>()

  charge(who: number, amount: bigint): boolean {
    const has = this.paid.get(who)!
    if (amount > has) return false
    this.paid.set(who, has - amount)
    this.gross += amount
    this.commission += (amount * COMMISSION + 9_999n) / 10_000n
    return true
  }
  open(who: number): Sub | undefined {
    return this.subs.find((one) => one.who === who && one.state !== "ended")
  }
  /** What time does to one; also before its person does something. */
  step(sub: Sub, now: number): void {
    if (sub.state === "ended") return
    if (sub.state === "past_due") {
      if (now >= sub.since + OUT) Object.assign(sub, { state: "ended", owed: null, next: null })
      else this.retry(sub, now)
    } else if (now >= sub.end) {
      if (sub.state === "banned" || sub.cancelled) Object.assign(sub, { state: "ended", next: null })
      else this.renew(sub, now)
    }
  }
  /** Back to what was billed last: not dearer than it was. */
  private nextTerms({ next, terms, billed }: Sub): Terms {
    if (next === null) return terms
    const present = this.plans.get(next)!.terms
    return billed.plan === next && present.price > billed.terms.price ? billed.terms : present
  }
  private renew(sub: Sub, now: number): void {
    const terms = this.nextTerms(sub)
    const anew = sub.state === "trialing" || terms.cycle !== sub.terms.cycle
    if (anew) sub.anchor = sub.end
    ;[sub.start, sub.end] = spanAt(terms.cycle, sub.anchor, now)
    Object.assign(sub, { terms, plan: sub.next ?? sub.plan, next: null, state: "active", isTrial: false })
    sub.billed = { plan: sub.plan, terms }
    if (this.charge(sub.who, terms.price)) return
    const grace = Math.min(now + GRACE, sub.end)
    Object.assign(sub, { state: "past_due", since: now, grace, owed: terms.price, retry: now + RETRY })
  }
  retry(sub: Sub, now: number): boolean {
    sub.retry = now + RETRY
    if (!this.charge(sub.who, sub.owed!)) return false
    if (now >= sub.grace) {
      sub.anchor = now
      ;[sub.start, sub.end] = spanAt(sub.terms.cycle, now, now)
    }
    Object.assign(sub, { state: "active", owed: null })
    return true
  }
  /** The jobs, in the order in which things were due. */
  tick(now: number): void {
    const due = this.subs
      .filter((sub) => sub.state !== "ended")
      .map((sub) => ({ sub, at: sub.state === "past_due" ? sub.retry : sub.end }))
      .filter(({ at }) => at <= now)
    for (const { sub } of due.sort((a, b) => a.at - b.at || a.sub.id - b.sub.id)) this.step(sub, now)
  }
  subscribe(who: number, plan: number, id: number, publicId: string, now: number): boolean {
    const { terms } = this.plans.get(plan)!
    const isTrial = terms.trial > 0 && terms.price > 0n && !this.triedBefore.has(who)
    if (!isTrial && !this.charge(who, terms.price)) return false
    const [start, end] = isTrial ? [now, now + terms.trial * DAY_MS] : spanAt(terms.cycle, now, now)
    this.triedBefore.add(who)
    const base = { anchor: now, start, end, created: now, isTrial, cancelled: false, next: null }
    const rest = {
      since: 0,
      grace: 0,
      owed: null,
      retry: 0,
      state: isTrial ? ("trialing" as const) : ("active" as const),
    }
    this.subs.push({ id, publicId, who, plan, terms, billed: { plan, terms }, ...base, ...rest })
    return true
  }
  /** @returns why not */
  change(sub: Sub, plan: number, now: number): string | null {
    this.step(sub, now)
    if (sub.state !== "active" && sub.state !== "trialing") return "conflict"
    const to = this.plans.get(plan)!
    this.isShort = false
    if (plan === sub.plan) {
      sub.next = null
      return null
    }
    if (to.rank < this.plans.get(sub.plan)!.rank || !this.up(sub, plan, to.terms, now)) {
      if (this.isShort) return "insufficient_credits"
      Object.assign(sub, { next: plan, cancelled: false })
    }
    return null
  }
  private isShort = false
  private up(sub: Sub, plan: number, terms: Terms, now: number): boolean {
    const after = { plan, terms, next: null, cancelled: false }
    const billed = { plan, terms }
    const pays = (amount: bigint): boolean => {
      this.isShort = !this.charge(sub.who, amount)
      return !this.isShort
    }
    const anew = (): object => {
      const [start, end] = spanAt(terms.cycle, now, now)
      return { anchor: now, start, end, state: "active", isTrial: false }
    }
    if (sub.state === "trialing") {
      const end = Math.min(sub.end, sub.created + terms.trial * DAY_MS)
      if (end > now && terms.price > 0n) Object.assign(sub, after, { end })
      else if (pays(terms.price)) Object.assign(sub, after, { billed }, anew())
      else return false
      return true
    }
    const [left, length] = [BigInt(sub.end - now), BigInt(sub.end - sub.start)]
    if (terms.cycle === sub.terms.cycle) {
      const more = terms.price - sub.terms.price
      if (!pays(more <= 0n ? 0n : (more * left + length - 1n) / length)) return false
      Object.assign(sub, after, { billed })
      return true
    }
    const unused = (sub.terms.price * left) / length
    if (unused > terms.price) return false
    if (!pays(terms.price - unused)) return false
    Object.assign(sub, after, { billed }, anew())
    return true
  }
}

export function random(seed: number) {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (below: number): number => Math.floor(next() * below)
  return { int, pick: <T>(list: readonly T[]): T => list[int(list.length)]! }
}
