// Which part of the history a person asked for: the address is the filter. Pure; days are UTC days, both ends included.
import { DAY_MS, dayOf } from "../../app/index.ts"
import type { TransactionType } from "../../ledger/index.ts"

export interface Kind {
  name: string
  label: string
  types: readonly TransactionType[]
}

/** Every type that can touch a wallet is in exactly one kind. */
export const KINDS: readonly Kind[] = [
  { name: "charges", label: "Charges", types: ["usage"] },
  { name: "claims", label: "Daily credits", types: ["daily_bonus"] },
  { name: "purchases", label: "Purchases", types: ["topup"] },
  { name: "plan", label: "Plan credits", types: ["subscription"] },
  { name: "gifts", label: "Bonuses and coupons", types: ["bonus", "coupon", "referral", "sponsor"] },
  { name: "refunds", label: "Refunds and reversals", types: ["refund", "reversal"] },
  { name: "expired", label: "Expired credits", types: ["expiry"] },
  {
    name: "other",
    label: "Everything else",
    types: ["adjustment", "debt", "sale", "commission", "overage", "payout", "fee"],
  },
]

const RANGE_DAYS = { "7d": 7, "30d": 30, "90d": 90 } as const
export type RangeName = keyof typeof RANGE_DAYS

export interface CreditsFilter {
  kind: Kind | null
  /** Public id of a client, `cli_…`. */
  app: string | null
  /** Public id of one of the person's own keys, `key_…`. */
  key: string | null
  range: RangeName | "custom" | null
  /** As typed, for the form. */
  from: string
  to: string
  fromMs: number | undefined
  /** Excluded. */
  toMs: number | undefined
  /** What is wrong with it, in words for the person; nothing is looked up then. */
  error: string | null
  /** Where that is. */
  errorIn: "days" | "app" | "key" | null
}

/**
 * Unknown kinds count as none: an old link shows more, never an error.
 * @param keys those that can be chosen; any other is an error
 */
export function readFilter(
  params: URLSearchParams,
  nowMs: number,
  keys: readonly { publicId: string }[] = [],
): CreditsFilter {
  const kind = KINDS.find((one) => one.name === params.get("kind")) ?? null
  const app = params.get("app") || null
  const from = (params.get("from") ?? "").trim().slice(0, 10)
  const to = (params.get("to") ?? "").trim().slice(0, 10)
  const key = params.get("key") || null
  const { error, errorIn } = clashOf(kind, app, key, keys)
  const base = { kind, app, key, from: "", to: "", fromMs: undefined, toMs: undefined, error, errorIn }
  const range = params.get("range") ?? ""
  if (!from && !to) {
    if (!Object.hasOwn(RANGE_DAYS, range)) return { ...base, range: range === "custom" ? range : null }
    const name = range as RangeName
    return { ...base, range: name, fromMs: (dayOf(nowMs) - RANGE_DAYS[name] + 1) * DAY_MS }
  }
  const fromMs = from ? dayMs(from) : undefined
  const lastMs = to ? dayMs(to) : undefined
  const typed = { ...base, range: "custom" as const, from, to }
  const wrong = (words: string) => ({ ...typed, error: words, errorIn: "days" as const })
  if (fromMs === null || lastMs === null) return wrong("One of these days does not exist. Choose both again.")
  if (fromMs !== undefined && lastMs !== undefined && fromMs > lastMs)
    return wrong("The first day is after the last. Change one of them.")
  return { ...typed, fromMs, toMs: lastMs === undefined ? undefined : lastMs + DAY_MS, error }
}

function clashOf(
  kind: Kind | null,
  app: string | null,
  key: string | null,
  keys: readonly { publicId: string }[],
): Pick<CreditsFilter, "error" | "errorIn"> {
  const isOther = kind !== null && kind.name !== "charges"
  if (app && isOther) return { error: "Only charges belong to an app. Choose charges, or all apps.", errorIn: "app" }
  if (key === null) return { error: null, errorIn: null }
  const wrong = (error: string) => ({ error, errorIn: "key" as const })
  if (!keys.some(({ publicId }) => publicId === key))
    return wrong("This is none of your keys, or its calls no longer name it. Choose another key, or all keys.")
  if (isOther) return wrong("Only charges belong to a key. Choose charges, or all keys.")
  if (app) return wrong("Calls with your own key go through no app. Choose all apps, or all keys.")
  return { error: null, errorIn: null }
}

/** First moment of a UTC day written as 2026-03-31; null when there is no such day. */
function dayMs(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null
  const ms = Date.parse(`${text}T00:00:00Z`)
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text ? null : ms
}

/** The filter as its part of the address; what is not set is left out. */
export function filterQuery(filter: CreditsFilter, changes: Record<string, string | undefined> = {}): string {
  const all: Record<string, string | undefined> = {
    kind: filter.kind?.name,
    app: filter.app ?? undefined,
    key: filter.key ?? undefined,
    // Days that are given say so themselves.
    range: filter.from || filter.to ? undefined : (filter.range ?? undefined),
    from: filter.from || undefined,
    to: filter.to || undefined,
    ...changes,
  }
  const given = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== "")
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`
}

/** "2026-01-01-to-2026-03-31" for file names; without a first day everything up to the last. */
export function filterDays(filter: CreditsFilter, nowMs: number): string {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  const last = day(Math.min(nowMs, filter.toMs === undefined ? nowMs : filter.toMs - 1))
  return filter.fromMs === undefined ? `to-${last}` : `${day(filter.fromMs)}-to-${last}`
}
