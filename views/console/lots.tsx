// What a person has, lot by lot in the order it will be spent, in plain words: "80 daily credits, expire in 31 h".
import type { Nano } from "../../src/app/units.ts"
import { creditsExact, creditsNumber, dateText, plural } from "../ui/format.ts"
import { timeTitle } from "../ui/index.ts"
import { apportion, creditPlaces, creditStep, creditsAt, creditsTextAt } from "../ui/together.ts"

export interface LotRow {
  bucket: string
  /** What is left of it, held credits included. */
  remaining: Nano
  held: Nano
  expiresMs: number | null
  /** Set when it cannot be spent yet. */
  effectiveMs: number | null
  /** In a word: "Chat". Set when only such calls may spend it. */
  only: string | null
}

const WORDS: Record<string, string> = {
  daily: "daily",
  subscription: "plan",
  purchase: "bought",
  coupon: "coupon",
  bonus: "bonus",
  referral: "referral",
  sponsored: "sponsored",
  refund: "refunded",
  adjustment: "adjustment",
}

/** "Daily credits", as a label. */
export function lotWords(bucket: string): string {
  const word = WORDS[bucket] ?? bucket
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)} credits`
}

/** What calls in progress hold, as a sentence. */
export const heldWords = (held: Nano): string =>
  held === 1_000_000
    ? "1 more credit is held by calls in progress."
    : `${creditsNumber(held)} more credits are held by calls in progress.`

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** "in 40 min", "in 31 h", "in 12 days", then the date. */
function untilText(ms: number, now: number): string {
  const left = Math.max(0, ms - now)
  if (left < HOUR) return `in ${Math.max(1, Math.ceil(left / 60_000))} min`
  if (left < 3 * DAY) return `in ${Math.floor(left / HOUR)} h`
  return left < 60 * DAY ? `in ${plural(Math.floor(left / DAY), "day")}` : `on ${dateText(ms)}`
}

/** "expires in 31 h", "expire on 14 Mar 2026". */
export const expiryWords = (lot: { amount: Nano; atMs: number }, now: number): string =>
  `${expire(lot.amount)} ${untilText(lot.atMs, now)}`

const expire = (amount: Nano): string => (amount === 1_000_000 ? "expires" : "expire")

export interface LotListProps {
  now: number
  /** In the order they will be spent. */
  lots: readonly LotRow[]
  /** What did not fit into the list. */
  more?: { count: number; amount: Nano } | undefined
}

/** Decimals of the balance and of the lots that it is made of. */
export const lotPlaces = (list: Pick<LotListProps, "lots" | "more">): number => creditPlaces(partsOf(list))

const partsOf = ({ lots, more }: Pick<LotListProps, "lots" | "more">): Nano[] => [
  ...lots.map(({ remaining }) => remaining),
  ...(more ? [more.amount] : []),
]

/** What is left of each lot as every page writes it: the figures add up to the balance. */
export function lotsShown(parts: readonly Nano[]): { places: number; shown: Nano[] } {
  const places = creditPlaces(parts)
  return { places, shown: apportion(parts, creditStep(places), "down") as Nano[] }
}

export function LotList({ now, lots, more }: LotListProps): JSX.Element {
  const { places, shown } = lotsShown(partsOf({ lots, more }))
  return (
    <ol class="lots plain">
      {lots.map((lot, index) => (
        <li>
          <span title={creditsExact(lot.remaining)}>
            <span class="num strong" safe>
              {creditsAt(shown[index]!, places)}
            </span>{" "}
            <span
              safe
            >{`${WORDS[lot.bucket] ?? lot.bucket} ${lot.remaining === 1_000_000 ? "credit" : "credits"}`}</span>
          </span>
          <span class="quiet">
            {lot.effectiveMs === null ? null : (
              <>
                <time datetime={new Date(lot.effectiveMs).toISOString()} title={timeTitle(lot.effectiveMs)} safe>
                  {`usable ${untilText(lot.effectiveMs, now)}`}
                </time>
                {", "}
              </>
            )}
            {lot.expiresMs === null ? (
              `never ${expire(lot.remaining)}`
            ) : (
              <time datetime={new Date(lot.expiresMs).toISOString()} title={timeTitle(lot.expiresMs)} safe>
                {expiryWords({ amount: lot.remaining, atMs: lot.expiresMs }, now)}
              </time>
            )}
            {lot.only === null ? null : <span safe>{`, only for ${lot.only}`}</span>}
            {lot.held > 0 ? <span safe>{`, ${creditsNumber(lot.held)} of them held by calls in progress`}</span> : null}
          </span>
        </li>
      ))}
      {more ? (
        <li>
          <span class="quiet" safe>
            {`And ${creditsTextAt(shown.at(-1)!, places)} in ${plural(more.count, "more part")}, spent after these`}
          </span>
        </li>
      ) : null}
    </ol>
  )
}
