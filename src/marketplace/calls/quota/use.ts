// Units of a subscription: how quotas stand, what a call takes of them, what is given back. Rows, read and written in the mutation that
// lets a call through: exact however many come at once. They hang on the subscription and the period's name, so keys, plans and terms may
// change without changing what is used.
import type { Reader, Tx } from "../../../store/index.ts"
import { quotaSpan } from "../../periods.ts"
import type { QuotaPeriod } from "../../types.ts"
import type { QuotaTerms, SubscriptionRow } from "../offer.ts"
import type { QuotaStanding } from "../types.ts"
import { addUsed, beginPeriod, knownUse, resetUse, takeBack, type UseRow, useOf } from "./store.ts"

const PERIODS: readonly QuotaPeriod[] = ["day", "week", "month", "year"]

/** The four periods of now. A row whose end has passed counts as one that begins; an earlier clock begins none. */
function present(
  rows: readonly UseRow[],
  quotas: readonly QuotaTerms[],
  anchorMs: number,
  nowMs: number,
): (UseRow & { isNew: boolean })[] {
  return PERIODS.map((period) => {
    const row = rows.find((one) => one.period === period)
    if (row && nowMs < row.endMs) return { ...row, isNew: false }
    const anchor = quotas.find((one) => one.period === period)?.anchor ?? "calendar"
    return { period, ...quotaSpan(period, anchor, anchorMs, nowMs), used: 0, isNew: true }
  })
}

const standingsOf = (periods: readonly UseRow[], quotas: readonly QuotaTerms[]): QuotaStanding[] =>
  quotas.map(({ period, units }) => {
    const { startMs, endMs, used } = periods.find((one) => one.period === period)!
    return { period, startMs, endMs, limit: units, used }
  })

type Of = Pick<SubscriptionRow, "id" | "anchorMs">

/** How the quotas of its plan stand. */
export const quotaStandings = (
  reader: Reader,
  { id, anchorMs }: Of,
  quotas: readonly QuotaTerms[],
  nowMs: number,
): QuotaStanding[] => standingsOf(present(useOf(reader, id), quotas, anchorMs, nowMs), quotas)

/** What a call took, to give it back. */
export interface Taken {
  subscriptionId: number
  units: number
  starts: readonly number[]
}

/** Looks first and takes later, in one mutation: what refuses in between takes nothing. Several calls of it look at one, in their order. */
export class UnitsOf {
  private readonly periods: ReturnType<typeof present>
  private units = 0
  private startsOfTaken: readonly number[] | null = null

  constructor(
    private readonly tx: Tx,
    private readonly of: Of,
    quotas: readonly QuotaTerms[],
  ) {
    this.periods = present(knownUse.get(tx, of.id), quotas, of.anchorMs, tx.now)
  }

  /** As they stand after what was taken so far. */
  standings(quotas: readonly QuotaTerms[]): QuotaStanding[] {
    return standingsOf(this.periods, quotas)
  }

  /** To be written before the mutation ends. */
  take(units: number): Taken {
    this.units += units
    for (const period of this.periods) period.used += units
    this.startsOfTaken ??= this.periods.map(({ startMs }) => startMs)
    return { subscriptionId: this.of.id, units, starts: this.startsOfTaken }
  }

  write(): void {
    if (this.units === 0) return
    const after = this.periods.map(({ period, startMs, endMs, used }) => ({ period, startMs, endMs, used }))
    knownUse.writing(this.tx, this.of.id, after, () => {
      for (const period of this.periods) if (period.isNew) beginPeriod(this.tx, this.of.id, period)
      addUsed(this.tx, this.of.id, this.units)
    })
    this.units = 0
  }
}

export function giveBackIn(tx: Tx, { subscriptionId, units, starts }: Taken): void {
  if (units > 0) takeBack(tx, subscriptionId, units, starts)
}

/** Nothing is used any more, in every period. Whoever asks for it writes why into the audit log. */
export const resetQuotaIn = (tx: Tx, subscriptionId: number): void => resetUse(tx, subscriptionId)
