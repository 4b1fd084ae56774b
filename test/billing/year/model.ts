// What somebody pays for plans in a year, naively: from the terms of sale alone (dearer at once, for what is left; cheaper and ended at the end
// of the period; three days of grace; a refused renewal is tried again after 3, 5 and 7 days, then it is over). Seconds and cents; nothing is
// shared with the house or its fake processor.

export type Months = 1 | 12
export interface Terms {
  code: string
  /** Cents, by months. */
  price: Record<Months, number>
  /** Credits of a month, n$. */
  monthly: number
}
export interface Line {
  cents: number
  from: number
  to: number
}
export interface Invoice {
  at: number
  lines: Line[]
  /** n$ of credits that it gave. */
  granted: number
}
export interface Offer {
  plan: Terms
  months: Months
}
export type Outcome = "now" | "later" | "end" | "keep" | "same" | "refused"

const DAY = 86_400
const DRAFT = 3_600
const RETRIES = [3 * DAY, 5 * DAY, 7 * DAY]
const GRACE = 3 * DAY

interface Unpaid {
  offer: Offer
  line: Line
  /** When it is tried next. */
  tryAt: number
  finalAt: number
  tries: number
}

/** So many months after, on the same day or the last of a shorter month. */
export function later(anchor: number, months: number): number {
  const start = new Date(anchor * 1_000)
  const target = new Date(start)
  target.setUTCDate(1)
  target.setUTCMonth(start.getUTCMonth() + months)
  const days = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate()
  target.setUTCDate(Math.min(start.getUTCDate(), days))
  return target.getTime() / 1_000
}

/** To the nearest cent, halves up. */
const share = (cents: number, left: number, whole: number): number =>
  Number((2n * BigInt(cents) * BigInt(left) + BigInt(whole)) / (2n * BigInt(whole)))

export class Subscriber {
  readonly invoices: Invoice[] = []
  cardWorks = true
  offer: Offer | null = null
  next: Offer | null = null
  isEnding = false
  private anchor = 0
  private count = 0
  private period = { from: 0, to: 0 }
  private unpaid: Unpaid[] = []
  /** What counts: of what was paid. */
  private paid: (Line & { offer: Offer })[] = []
  private endsAt: number | null = null

  get isPastDue(): boolean {
    return this.unpaid.some(({ tries }) => tries > 0)
  }

  subscribe(offer: Offer, at: number): void {
    Object.assign(this, {
      offer,
      next: null,
      isEnding: false,
      endsAt: null,
      unpaid: [],
      paid: [],
      anchor: at,
      count: 1,
    })
    this.period = { from: at, to: later(at, offer.months) }
    const line = { cents: offer.plan.price[offer.months], from: at, to: this.period.to }
    this.take(at, [{ line, offer }])
  }

  /** What becomes of wanting something else. */
  wants(wanted: Offer | null): Outcome {
    const offer = this.offer!
    if (wanted === null) return "end"
    const isSame = wanted.plan === offer.plan
    if (isSame && wanted.months === offer.months) return this.isEnding || this.next ? "keep" : "same"
    if (wanted.months < offer.months) return "later"
    const [price, before] = [wanted.plan.price[1], offer.plan.price[1]]
    if (price < before || (price === before && !isSame)) return "later"
    return this.isPastDue ? "refused" : "now"
  }

  /** Cents that it costs at once. */
  due(wanted: Offer, at: number): number {
    return this.change(wanted, at).reduce((sum, { line }) => sum + line.cents, 0)
  }

  private change(wanted: Offer, at: number): { line: Line; offer: Offer }[] {
    const offer = this.offer!
    const { from, to } = this.period
    const price = wanted.plan.price[wanted.months]
    const back = { cents: 0 - share(offer.plan.price[offer.months], to - at, to - from), from: at, to }
    const isOther = wanted.months !== offer.months
    const line = isOther
      ? { cents: price, from: at, to: later(at, wanted.months) }
      : { cents: share(price, to - at, to - from), from: at, to }
    return [
      { line: back, offer },
      { line, offer: wanted },
    ]
  }

  does(wanted: Offer | null, at: number): Outcome {
    const outcome = this.wants(wanted)
    if (outcome === "end") Object.assign(this, { isEnding: true, next: null })
    if (outcome === "keep") Object.assign(this, { isEnding: false, next: null })
    if (outcome === "later") Object.assign(this, { isEnding: false, next: wanted })
    if (outcome !== "now" || wanted === null) return outcome
    const parts = this.change(wanted, at)
    // What costs nothing needs no card.
    if (!this.cardWorks && this.due(wanted, at) > 0) return "refused"
    if (wanted.months !== this.offer!.months) {
      this.anchor = at
      this.count = 1
      this.period = { from: at, to: parts[1]!.line.to }
    }
    Object.assign(this, { offer: wanted, next: null, isEnding: false })
    this.take(at, parts)
    return outcome
  }

  /** Everything that time brings until then, and of that moment. */
  advance(until: number): void {
    for (;;) {
      const moments = [...(this.offer ? [this.period.to] : []), ...this.unpaid.map(({ tryAt }) => tryAt)].filter(
        (at) => at <= until,
      )
      if (moments.length === 0) return
      const at = Math.min(...moments)
      const due = this.unpaid.find(({ tryAt }) => tryAt === at)
      if (due) this.tryAgain(due, at)
      else this.renew(at)
    }
  }

  private renew(at: number): void {
    if (this.isEnding) {
      this.over(at)
      return
    }
    if (this.next) {
      if (this.next.months !== this.offer!.months) {
        this.anchor = at
        this.count = 0
      }
      this.offer = this.next
      this.next = null
    }
    const offer = this.offer!
    this.count++
    this.period = { from: at, to: later(this.anchor, this.count * offer.months) }
    const line = { cents: offer.plan.price[offer.months], from: at, to: this.period.to }
    this.unpaid.push({ offer, line, tryAt: at + DRAFT, finalAt: at + DRAFT, tries: 0 })
  }

  private tryAgain(due: Unpaid, at: number): void {
    if (this.cardWorks) {
      this.unpaid.splice(this.unpaid.indexOf(due), 1)
      this.take(at, [{ line: due.line, offer: due.offer }])
      return
    }
    const wait = RETRIES[due.tries++]
    if (wait === undefined) this.over(at)
    else due.tryAt = due.finalAt + wait
  }

  private over(at: number): void {
    this.endsAt = at
    this.offer = null
    this.unpaid = []
  }

  private take(at: number, parts: { line: Line; offer: Offer }[]): void {
    const worth = ({ line, offer }: { line: Line; offer: Offer }): number => {
      const { plan, months } = offer
      const whole = BigInt(plan.monthly) * BigInt(months)
      return Number((whole * BigInt(Math.abs(line.cents))) / BigInt(plan.price[months]))
    }
    const given = parts.filter(({ line }) => line.cents > 0).reduce((sum, part) => sum + worth(part), 0)
    const back = parts.filter(({ line }) => line.cents < 0).reduce((sum, part) => sum + worth(part), 0)
    this.invoices.push({ at, lines: parts.map(({ line }) => line), granted: Math.max(0, given - back) })
    for (const { line, offer } of parts) if (line.cents > 0) this.paid.push({ ...line, offer })
  }

  /** The plan that counts then. */
  planAt(at: number): string {
    const last = this.paid.toSorted((a, b) => a.to - b.to || a.from - b.from).at(-1)
    if (!last) return "free"
    const end = this.isEnding && this.offer ? this.period.to : (this.endsAt ?? Number.POSITIVE_INFINITY)
    return at < Math.min(last.to + GRACE, end) ? last.offer.plan.code : "free"
  }
}
