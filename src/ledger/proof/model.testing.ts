// The naive ledger that the real one is compared with: plain lists, no SQL, nothing shared with rules.ts. Slow and obvious.
import { DAY_MS, dayOf, HOUR_MS } from "../../app/index.ts"
import type { Charge } from "../charges/types.ts"
import type { ModelAsk, ModelClaw, ModelHold, ModelLot } from "./model-types.testing.ts"

export type * from "./model-types.testing.ts"

export class Model {
  lots: ModelLot[] = []
  holds: ModelHold[] = []
  open = new Set<ModelHold>()
  /** app|day → what was used. */
  used = new Map<string, number>()
  claims = new Map<string, { at: number; streak: number }>()
  freeGiven = new Map<string, number>()
  /** wallet → what is owed. */
  debts = new Map<string, number>()
  /** lot → what was clawed back of it in all. */
  clawed = new Map<number, number>()
  claws: ModelClaw[] = []
  /** Freezes of lots that nothing ended. */
  freezes: { key: string; lot: ModelLot }[] = []
  disputes = 0
  earned = 0
  upstream = 0
  revenue = 0
  uncollected = 0

  held(lot: ModelLot): number {
    let sum = 0
    for (const hold of this.open) for (const part of hold.parts) if (part.lot === lot) sum += part.amount
    return sum
  }
  free(lot: ModelLot): number {
    return lot.left - this.held(lot)
  }
  isFrozen(lot: ModelLot): boolean {
    return this.freezes.some((freeze) => freeze.lot === (lot.parent ?? lot))
  }
  usable(wallet: string, now: number, anyTime = false): ModelLot[] {
    const lots = this.lots.filter(
      (lot) => lot.wallet === wallet && !this.isFrozen(lot) && (anyTime || (lot.from <= now && now < lot.until)),
    )
    return this.inOrder(lots)
  }
  inOrder(lots: ModelLot[]): ModelLot[] {
    const key = (lot: ModelLot) =>
      [lot.priority, lot.until, lot.paid ? 1 : 0, lot.created, lot.id].map((n) => String(n).padStart(16, "0")).join()
    return [...lots].sort((a, b) => (key(a) < key(b) ? -1 : 1))
  }
  balance(wallet: string, now: number): number {
    return this.usable(wallet, now).reduce((sum, lot) => sum + this.free(lot), 0)
  }
  frozen(wallet: string, now: number): number {
    const lots = this.lots.filter((lot) => lot.wallet === wallet && now < lot.until && this.isFrozen(lot))
    return lots.reduce((sum, lot) => sum + this.free(lot), 0)
  }
  spendable(wallet: string, now: number): number {
    return this.debts.get(wallet) ? 0 : this.balance(wallet, now)
  }
  walletHeld(wallet: string): number {
    return this.lots.reduce((sum, lot) => sum + (lot.wallet === wallet ? this.held(lot) : 0), 0)
  }
  /**
   * Credits nobody holds vanish or roll over when their time is over, one lot after the other as time passed; it does not
   * matter when that is noticed. A rolled-over lot is named by the lot it came from: `1e9 + 100 × that + how manieth`.
   */
  expire(now: number): void {
    for (;;) {
      const due = this.lots.filter((lot) => now >= lot.until && this.free(lot) > 0)
      const lot = due.sort((a, b) => a.until - b.until || a.id - b.id)[0]
      if (!lot) return
      const free = this.free(lot)
      lot.left -= free
      this.breaks(lot, free)
      if (!lot.roll) continue
      const children = this.lots.filter((one) => one.parent === lot).length
      const others = this.lots.filter((one) => one.parent && one.wallet === lot.wallet && one.until > lot.until)
      const room = lot.roll.cap - others.reduce((sum, one) => sum + one.left, 0)
      const amount = Math.min(free, lot.roll.max - (lot.rolled ?? 0), room)
      if (amount <= 0) continue
      lot.rolled = (lot.rolled ?? 0) + amount
      this.breaks(lot, -amount)
      const { wallet, paid, priority } = lot
      this.lots.push({
        id: 1e9 + 100 * lot.id + children, wallet, paid, priority, granted: amount, left: amount, from: lot.until,
        until: lot.until + lot.roll.life, created: now, parent: lot,
      }) // biome-ignore format: one lot
    }
  }

  limitSpent(app: string, day: number): { used: number; held: number } {
    let held = 0
    for (const hold of this.open) {
      if (hold.app === app && hold.day === day) for (const part of hold.parts) held += part.amount
    }
    return { used: this.used.get(`${app}|${day}`) ?? 0, held }
  }

  /** @returns the refusal, or null and the hold is made */
  hold(ask: ModelAsk, now: number): string | null {
    const { ref, wallet, app, daily, least } = ask
    let amount = ask.most
    if (app !== null && daily !== null) {
      const spent = this.limitSpent(app, dayOf(now))
      const left = daily - spent.used - spent.held
      if (least > 0 && least > left) return "app_daily_limit_exceeded"
      amount = Math.min(amount, Math.max(0, left))
    }
    const lots = this.usable(wallet, now)
    const free = this.spendable(wallet, now)
    const held = this.debts.get(wallet) ? 0 : lots.reduce((sum, lot) => sum + this.held(lot), 0)
    if (least > free) return least <= free + held ? "credits_on_hold" : "insufficient_credits"
    amount = Math.min(amount, free)
    const parts: ModelHold["parts"] = []
    for (let missing = amount; missing > 0; ) {
      const lot = lots.shift()!
      const take = Math.min(missing, this.free(lot))
      if (take > 0) parts.push({ lot, amount: take })
      missing -= take
    }
    const hold = { ref, wallet, app, day: dayOf(now), parts, open: true, takes: new Map() }
    this.holds.push(hold)
    this.open.add(hold)
    return null
  }

  settle(hold: ModelHold, charge: Charge, now: number): { collected: number; takes: Map<number, number> } {
    if (!hold.open) return { collected: 0, takes: new Map() }
    hold.open = false
    this.open.delete(hold)
    const takes = new Map<number, number>()
    let missing: number = charge.totalNano
    const take = (lot: ModelLot, most: number) => {
      const amount = Math.min(most, missing)
      if (amount <= 0) return
      lot.left -= amount
      missing -= amount
      takes.set(lot.id, (takes.get(lot.id) ?? 0) + amount)
    }
    for (const part of hold.parts) take(part.lot, part.amount)
    for (const lot of this.usable(hold.wallet, now)) take(lot, this.free(lot))
    hold.takes = new Map(takes)
    const collected = charge.totalNano - missing
    if (hold.app) this.used.set(`${hold.app}|${hold.day}`, (this.used.get(`${hold.app}|${hold.day}`) ?? 0) + collected)
    const developer = Math.max(0, Math.min(charge.developerNano, collected - charge.upstreamNano))
    this.earned += developer
    this.upstream += charge.upstreamNano
    this.revenue += charge.totalNano - charge.upstreamNano - developer
    this.uncollected += missing
    this.expire(now)
    return { collected, takes }
  }

  lot(id: number): ModelLot {
    return this.lots.find((lot) => lot.id === id)!
  }
  /** Takes free credits of the lots in this order. @returns what was missing */
  private drain(lots: ModelLot[], amount: number, parts: ModelClaw["parts"] = []): number {
    let missing = amount
    for (const lot of lots) {
      const take = Math.min(missing, this.free(lot))
      if (take > 0) parts.push({ lot, amount: take })
      lot.left -= take
      missing -= take
    }
    return missing
  }
  breaks(lot: ModelLot, amount: number): void {
    ;(lot.parent ?? lot).broken = ((lot.parent ?? lot).broken ?? 0) + amount
  }
  repay(wallet: string, now: number): void {
    const paid = this.usable(wallet, now, true).filter((lot) => lot.paid && now < lot.until)
    this.debts.set(wallet, this.drain(paid, this.debts.get(wallet) ?? 0))
  }
  adjust(wallet: string, amount: number, now: number): string | null {
    if (amount > this.balance(wallet, now)) return "conflict"
    const parts: ModelClaw["parts"] = []
    this.drain(this.usable(wallet, now), amount, parts)
    for (const { lot, amount } of parts) this.breaks(lot, lot.paid ? amount : 0)
    return null
  }
  clawBack(lot: ModelLot, amount: number, through: string, key: string, now: number): ModelClaw | string {
    const before = this.clawed.get(lot.id) ?? 0
    if (lot.paid === (through === "promo") || lot.parent || before + amount > lot.granted) return "conflict"
    const lots = [lot, ...this.lots.filter((one) => one.parent === lot)].filter((one) => now < one.until)
    const parts: ModelClaw["parts"] = []
    const broken = Math.min(amount, lot.broken ?? 0)
    this.breaks(lot, -broken)
    const missing = this.drain(lots, amount - broken, parts)
    const owed = through === "promo" ? 0 : missing
    this.clawed.set(lot.id, before + amount - missing + owed)
    this.debts.set(lot.wallet, (this.debts.get(lot.wallet) ?? 0) + owed)
    if (through === "disputes") this.disputes += amount
    const claw = { key, lot, parts, owed, broken, through, borne: 0, settled: false, over: false, late: 0 }
    this.claws.push(claw)
    return claw
  }
  /** Credits of a claw-back's lot paid of it instead of expiring; `lifted` of that was owed. */
  paidLate(claw: ModelClaw, amount: number, lifted: number): void {
    claw.late += amount
    this.breaks(claw.lot, -amount)
    this.debts.set(claw.lot.wallet, (this.debts.get(claw.lot.wallet) ?? 0) - lifted)
  }
  /** `paid`: what broke of it and paid for other claw-backs of the lot. @returns what is to be given anew, and what debt it lifts */
  restore(
    claw: ModelClaw,
    now: number,
    paid: { other: ModelClaw; amount: number }[],
  ): { granted: number; lifted: number } | string {
    if (claw.over) return "conflict"
    claw.over = true
    const { lot, parts, owed, broken, late } = claw
    let taken = broken
    let others = 0
    for (const { other, amount } of paid) {
      other.late += amount
      others += amount
    }
    this.breaks(lot, broken + late - others)
    for (const part of parts) {
      taken += part.amount
      if (now < part.lot.until) part.lot.left += part.amount
      else this.breaks(part.lot, part.amount)
    }
    this.clawed.set(lot.id, this.clawed.get(lot.id)! - taken - owed)
    if (claw.through === "disputes" && !claw.settled) this.disputes -= taken + owed
    const lifted = Math.min(owed - late + others, this.debts.get(lot.wallet) ?? 0)
    this.debts.set(lot.wallet, (this.debts.get(lot.wallet) ?? 0) - lifted)
    return { granted: owed - late + others - lifted, lifted }
  }
  /** Last taken comes back first; `order`: as the call took. */
  refund(hold: ModelHold, amount: number, order: number[], now: number): string | Map<number, number> {
    const left = [...hold.takes.values()].reduce((sum, take) => sum + take, 0)
    if (amount > left || left === 0) return "conflict"
    const gives = new Map<number, number>()
    let missing = amount
    for (const id of [...order].reverse()) {
      const give = Math.min(missing, hold.takes.get(id) ?? 0)
      if (give === 0) continue
      gives.set(id, give)
      hold.takes.set(id, hold.takes.get(id)! - give)
      // Its time over: it comes back and is gone at once.
      if (now < this.lot(id).until) this.lot(id).left += give
      else this.breaks(this.lot(id), give)
      missing -= give
    }
    if (hold.app) this.used.set(`${hold.app}|${hold.day}`, this.used.get(`${hold.app}|${hold.day}`)! - amount)
    this.expire(now)
    return gives
  }

  claim(wallet: string, amount: number, budget: number | null, mode: string, now: number): string | number {
    const last = this.claims.get(wallet)
    if (last && now - last.at < 24 * HOUR_MS) return "claim_not_due"
    const day = `${mode}|${Math.floor(now / DAY_MS)}`
    if (budget !== null) {
      const given = this.freeGiven.get(day) ?? 0
      if (given + amount > budget) return "free_budget_spent"
      this.freeGiven.set(day, given + amount)
    }
    const streak = last && now - last.at <= 48 * HOUR_MS ? last.streak + 1 : 1
    this.claims.set(wallet, { at: now, streak })
    return streak
  }
}
