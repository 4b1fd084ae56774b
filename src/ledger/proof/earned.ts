// What developers earned on a UTC day, summed as the walk comes by. Time runs forwards in the books, so that one day is enough to
// remember: when it is over it is held against `earning_days`.
import { type AccountId, dayOf } from "../../app/index.ts"
import { chargePublicId } from "../books/store.ts"
import type { EarningSource, Sql } from "../books/types.ts"
import { type Found, note } from "./store-proof.ts"
import { type ChargeLink, countEarningDays, earnedOf } from "./store-walk.ts"

type Earned = Record<EarningSource, number>

export class EarnedDay {
  private day = -1
  private readonly earned = new Map<AccountId, Earned>()

  constructor(
    private readonly sql: Sql,
    private readonly found: { earning_days: Found; promo_cap: Found },
  ) {}

  /** A sale, or what its commission takes of it. */
  addSale(atMs: number, pendingId: AccountId, amountNano: number): void {
    this.of(atMs, pendingId).paid += amountNano
  }

  add(row: ChargeLink, pendingId: AccountId): void {
    const earned = this.of(row.atMs, pendingId)
    earned.paid += row.earnedNano - row.promoEarnedNano
    if (row.promoEarnedNano === 0) return
    earned.promo += row.promoEarnedNano
    const { promo_cap } = this.found
    promo_cap.checked++
    if (earned.promo > row.promoCapNano) note(promo_cap, chargePublicId(row.callId))
  }

  private of(atMs: number, pendingId: AccountId): Earned {
    const day = dayOf(atMs)
    if (day !== this.day) {
      this.close()
      this.day = day
    }
    let earned = this.earned.get(pendingId)
    if (!earned) {
      earned = { paid: 0, promo: 0 }
      this.earned.set(pendingId, earned)
    }
    return earned
  }

  /** After the last charge and sale. */
  end(): void {
    this.close()
    const { earning_days } = this.found
    const days = countEarningDays(this.sql)
    if (days !== earning_days.checked)
      note(earning_days, `${days} days stand there, ${earning_days.checked} were earned`)
  }

  private close(): void {
    for (const [accountId, earned] of this.earned) {
      const rows = earnedOf(this.sql, accountId, this.day)
      this.compare(accountId, "paid", earned.paid, rows)
      this.compare(accountId, "promo", earned.promo, rows)
    }
    this.earned.clear()
  }

  private compare(accountId: AccountId, source: EarningSource, nano: number, rows: ReturnType<typeof earnedOf>): void {
    if (nano === 0) return
    const { earning_days } = this.found
    earning_days.checked++
    if (rows.find((row) => row.source === source)?.earnedNano === nano) return
    note(earning_days, `account ${accountId} day ${this.day} ${source}`)
  }
}
