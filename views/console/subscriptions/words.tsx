// Words and parts that pages of API subscriptions share: state, price, what is used, what comes next.
import { type Nano, nano } from "../../../src/app/units.ts"
import { count, plural, usdText } from "../../ui/format.ts"
import { Badge, Meter } from "../../ui/index.ts"

export type SubscriptionStateName = "trialing" | "active" | "cancelled" | "past_due" | "refused" | "banned" | "ended"
export type CycleName = "week" | "month" | "year"

const STATES: Readonly<Record<SubscriptionStateName, { text: string; tone: "ok" | "warn" | "bad" | "neutral" }>> = {
  trialing: { text: "Trial", tone: "ok" },
  active: { text: "Active", tone: "ok" },
  cancelled: { text: "Ends with its period", tone: "warn" },
  past_due: { text: "Unpaid", tone: "warn" },
  refused: { text: "Unpaid, calls refused", tone: "bad" },
  banned: { text: "Blocked by its publisher", tone: "bad" },
  ended: { text: "Ended", tone: "neutral" },
}

export function SubscriptionState({ state }: { state: SubscriptionStateName }): JSX.Element {
  return <Badge {...STATES[state]} />
}

/** "$29.99 a month", "Free". */
export const priceText = (price: Nano, cycle: CycleName): string =>
  price === 0 ? "Free" : `${usdText(price)} a ${cycle}`

export interface QuotaRow {
  period: "day" | "week" | "month" | "year"
  used: number
  limit: number
  endMs: number
}

const EACH: Readonly<Record<QuotaRow["period"], string>> = {
  day: "today",
  week: "this week",
  month: "this month",
  year: "this year",
}

/** Used of total, percent and what remains, a bar each. */
export function Quotas({ quotas, of }: { quotas: readonly QuotaRow[]; of: string }): JSX.Element {
  if (quotas.length === 0) return <span class="quiet">No quota</span>
  return (
    <>
      {quotas.map(({ period, used, limit }) => (
        <Meter
          label={`${of}: units used ${EACH[period]}`}
          value={used}
          max={limit}
          text={`${count(used)} of ${plural(limit, "unit")} ${EACH[period]}${limit > 0 ? `, ${Math.min(999, Math.floor((used * 100) / limit))}%` : ""}`}
        />
      ))}
    </>
  )
}

export const NOTHING = nano(0)
