// The naive ledger that the real one is compared with: plain lists, no SQL, nothing shared with rules.ts. Slow and obvious.
import { DAY_MS, dayOf, HOUR_MS } from "../app/index.ts"
import type { Charge } from "./types.ts"

export interface ModelLot {
  id: number
  wallet: string
  granted: number
  left: number
  paid: boolean
  priority: number
  from: number
  until: number
  created: number
}

export interface ModelHold {
  id: number
  wallet: string
  app: string | null
  day: number
  parts: { lot: ModelLot; amount: number }[]
  open: boolean
}

export interface ModelAsk {
  id: number
  wallet: string
  app: string | null
  daily: number | null
  most: number
  least: number
}

export class Model {
  lots: ModelLot[] = []
  holds: ModelHold[] = []
  open = new Set<ModelHold>()
  /** app|day → what was used. */
  used = new Map<string, number>()
  claims = new Map<string, { at: number; streak: number }>()
  freeGiven = new Map<string, number>()
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
  usable(wallet: string, now: number): ModelLot[] {
    const lots = this.lots.filter((lot) => lot.wallet === wallet && lot.from <= now && now < lot.until)
    const key = (lot: ModelLot) =>
      [lot.priority, lot.until, lot.paid ? 1 : 0, lot.created, lot.id].map((n) => String(n).padStart(16, "0")).join()
    return lots.sort((a, b) => (key(a) < key(b) ? -1 : 1))
  }
  balance(wallet: string, now: number): number {
    return this.usable(wallet, now).reduce((sum, lot) => sum + this.free(lot), 0)
  }
  walletHeld(wallet: string): number {
    return this.lots.reduce((sum, lot) => sum + (lot.wallet === wallet ? this.held(lot) : 0), 0)
  }
  /** Credits nobody holds vanish when their time is over; it does not matter when that is noticed. */
  expire(now: number): void {
    for (const lot of this.lots) if (now >= lot.until) lot.left = this.held(lot)
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
    const { id, wallet, app, daily, least } = ask
    let amount = ask.most
    if (app !== null && daily !== null) {
      const spent = this.limitSpent(app, dayOf(now))
      const left = daily - spent.used - spent.held
      if (least > 0 && least > left) return "app_daily_limit_exceeded"
      amount = Math.min(amount, Math.max(0, left))
    }
    const lots = this.usable(wallet, now)
    const free = lots.reduce((sum, lot) => sum + this.free(lot), 0)
    const held = lots.reduce((sum, lot) => sum + this.held(lot), 0)
    if (least > free) return least <= free + held ? "credits_on_hold" : "insufficient_credits"
    amount = Math.min(amount, free)
    const parts: ModelHold["parts"] = []
    for (let missing = amount; missing > 0; ) {
      const lot = lots.shift()!
      const take = Math.min(missing, this.free(lot))
      if (take > 0) parts.push({ lot, amount: take })
      missing -= take
    }
    const hold = { id, wallet, app, day: dayOf(now), parts, open: true }
    this.holds.push(hold)
    this.open.add(hold)
    return null
  }

  settle(hold: ModelHold, charge: Charge, now: number): { collected: number; takes: Map<number, number> } {
    if (!hold.open) return { collected: 0, takes: new Map() }
    hold.open = false
    this.open.delete(hold)
    const takes = new Map<number, number>()
    let missing = charge.totalNano
    const take = (lot: ModelLot, most: number) => {
      const amount = Math.min(most, missing)
      if (amount <= 0) return
      lot.left -= amount
      missing -= amount
      takes.set(lot.id, (takes.get(lot.id) ?? 0) + amount)
    }
    for (const part of hold.parts) take(part.lot, part.amount)
    for (const lot of this.usable(hold.wallet, now)) take(lot, this.free(lot))
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
