// Plans, quotas and rates in words, said once for cards, tables and documentation. Pure.
import type { Nano } from "../../../src/app/units.ts"
import { count, plural, usdText } from "../../ui/format.ts"
import type { Cycle, MarketPlan, Period, QuotaTerm, RateTerm, Rating, Support } from "./types.ts"

export const marketPath = (slug: string, ...parts: readonly string[]): string =>
  ["/marketplace", slug, ...parts].map((part, index) => (index === 0 ? part : encodeURIComponent(part))).join("/")

export const keyPath = (slug: string, key: string, ...parts: readonly string[]): string =>
  marketPath(slug, "keys", key, ...parts)

/** "$29.99", "Free". */
export const priceText = (price: Nano): string => (price === 0 ? "Free" : usdText(price))

export const CYCLES: Readonly<Record<Cycle, string>> = { week: "a week", month: "a month", year: "a year" }
const PERIODS: Readonly<Record<Period, string>> = { day: "a day", week: "a week", month: "a month", year: "a year" }

/** "50,000 units a month". */
export const quotaText = ({ units, period }: QuotaTerm): string => `${plural(units, "unit")} ${PERIODS[period]}`

/** Where a period begins, so that nobody has to guess. */
export const anchorText = ({ anchor, period }: QuotaTerm): string =>
  anchor === "anniversary"
    ? "counted from the moment you subscribed"
    : {
        day: "from 0:00 UTC",
        week: "from Monday, 0:00 UTC",
        month: "from the first, 0:00 UTC",
        year: "from 1 January, 0:00 UTC",
      }[period]

/** "100 requests a minute". */
export const rateText = ({ requests, span }: RateTerm): string =>
  `${plural(requests, "request")} ${{ second: "a second", minute: "a minute", hour: "an hour" }[span]}`

/** What happens above the quota. */
export const overageText = ({ overage, overageCap }: Pick<MarketPlan, "overage" | "overageCap">): string =>
  overage === null
    ? "Refused until the quota begins anew"
    : `${usdText(overage)} a unit${overageCap === null ? "" : `, at most ${usdText(overageCap)} a cycle`}`

export const SUPPORT: Readonly<Record<Support, string>> = {
  community: "Community",
  email: "Email",
  priority: "Email, answered first",
  dedicated: "A person of your own",
}

/** "4.6". */
export const starsText = ({ tenths }: Rating): string => `${Math.floor(tenths / 10)}.${tenths % 10}`
export const ratingText = (rating: Rating): string => `${starsText(rating)} of 5, ${plural(rating.count, "review")}`

/** "68%": never 100 while something remains, never 0 once something was used. */
export function shareText(used: number, limit: number): string {
  if (limit === 0) return "100%"
  const percent = Math.floor((used / limit) * 100)
  return used > 0 && percent === 0 ? "under 1%" : `${count(percent)}%`
}

export const STATES: Readonly<Record<string, { text: string; tone: "ok" | "warn" | "bad" | "neutral" | "accent" }>> = {
  trialing: { text: "Trial", tone: "accent" },
  active: { text: "Active", tone: "ok" },
  past_due: { text: "Past due", tone: "bad" },
  banned: { text: "Stopped by the publisher", tone: "bad" },
  ended: { text: "Ended", tone: "neutral" },
}
