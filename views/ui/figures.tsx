// Figures with their exact value behind them: credits, dollars, changes, times, stats, meters.
import type { Children } from "@kitajs/html"
import { CREDITS_WORTH, type Nano } from "../../src/app/units.ts"
import { assetUrl } from "../layout/assets.ts"
import {
  count,
  creditsExact,
  creditsFixed,
  creditsNumber,
  creditsText,
  creditsUsed,
  deltaWords,
  durationText,
  isComparable,
  nanoExact,
  usdText,
} from "./format.ts"
import { Icon } from "./icon.tsx"
import { timeTitle } from "./time.tsx"
import { creditsTextAt, usdAt, type Way } from "./together.ts"

/** "1,240 credits", exact in the title. */
export function Credits({ amount, signed = false }: { amount: Nano; signed?: boolean }): JSX.Element {
  return (
    <span class="num" title={creditsExact(amount)} safe>
      {signed && amount > 0 ? `+${creditsText(amount)}` : creditsText(amount)}
    </span>
  )
}

/** What credits are in money, wherever people meet them: "$1.24 · 1,000 credits are $1", or the rate alone. */
export function Worth({ amount }: { amount?: Nano | undefined }): JSX.Element {
  return (
    <p class="quiet worth">
      {amount === undefined ? null : (
        <>
          <span class="num" title={nanoExact(amount)} safe>
            {usdText(amount)}
          </span>
          {" · "}
        </>
      )}
      <span safe>{CREDITS_WORTH}</span>
    </p>
  )
}

/** "−2.50 credits", with a sign and two places: for lists whose figures stand below each other. */
export function CreditsMoved({ amount, shown = amount }: { amount: Nano; shown?: Nano | undefined }): JSX.Element {
  // Where rows add up, one may have become nothing; it is something still.
  const written = shown === 0 ? ((Math.sign(amount) || 0) as Nano) : shown
  return (
    <span class="num" title={creditsExact(amount)} safe>
      {`${amount > 0 ? "+" : ""}${creditsFixed(written)} credits`}
    </span>
  )
}

/** What was used: to the nearest credit, exact in the title. */
export function CreditsUsed({ amount }: { amount: Nano }): JSX.Element {
  return (
    <span class="num" title={creditsExact(amount)} safe>
      {creditsText(creditsUsed(amount))}
    </span>
  )
}

/** Just the number, for columns whose head names the unit. */
export function CreditsNumber({ amount, signed = false }: { amount: Nano; signed?: boolean }): JSX.Element {
  return (
    <span class="num" title={creditsExact(amount)} safe>
      {signed && amount > 0 ? `+${creditsNumber(amount)}` : creditsNumber(amount)}
    </span>
  )
}

export interface UsdProps {
  amount: Nano
  /** Of the group it stands in (`usdPlaces`). */
  places?: number | undefined
  /** What is written in its place where parts add up (`apportion`). */
  shown?: number | undefined
  /** Default to the nearest; what somebody has goes down. */
  way?: Way | undefined
}

/** "$12.40", exact n$ in the title; for developers and admins. */
export function Usd({ amount, places, shown = amount, way }: UsdProps): JSX.Element {
  return (
    <span class="num" title={nanoExact(amount)} safe>
      {places === undefined ? usdText(amount) : usdAt(shown as Nano, places, way)}
    </span>
  )
}

/** "98.20 credits", in the decimals of its group (`creditPlaces`), exact in the title. */
export function CreditsTogether({ amount, places, way }: { amount: Nano; places: number; way: Way }): JSX.Element {
  return (
    <span class="num" title={creditsExact(amount)} safe>
      {creditsTextAt(amount, places, way)}
    </span>
  )
}

/** A grouped whole number. */
export function Count({ value }: { value: number }): JSX.Element {
  return (
    <span class="num" safe>
      {count(value)}
    </span>
  )
}

/** Time left; ticks where scripts run and then frees the button `enables`. */
export function Countdown({ ms, now, enables }: { ms: number; now: number; enables?: string }): JSX.Element {
  return (
    <time
      class="num"
      datetime={new Date(ms).toISOString()}
      title={timeTitle(ms)}
      data-module={assetUrl("js/countdown.js")}
      data-countdown={String(Math.max(0, ms - now))}
      data-enables={enables}
      safe
    >
      {durationText(ms - now)}
    </time>
  )
}

export interface DeltaProps {
  now: number
  before: number
  /** What it is compared with: "the 30 days before". */
  than: string
  /** Which direction is good news; "none" when neither is. Default "none". */
  good?: "up" | "down" | "none" | undefined
}

/**
 * "+12%" with an arrow; who listens hears "12% more than the 30 days before". Where there was nothing, or hardly anything, there is
 * nothing to compare with and nothing is said.
 */
export function Delta({ now, before, than, good = "none" }: DeltaProps): JSX.Element {
  if (!isComparable(now, before)) return ""
  const words = deltaWords(now, before)
  const tone = words.way === "same" || good === "none" ? "" : words.way === good ? " ok" : " bad"
  return (
    <span class={`delta num${tone}`} title={`${words.spoken} ${than}`}>
      {words.way === "up" ? <Icon name="up" /> : words.way === "down" ? <Icon name="fall" /> : null}
      <span aria-hidden="true" safe>
        {words.shown}
      </span>
      <span class="sr" safe>
        {`${words.spoken} ${than}`}
      </span>
    </span>
  )
}

export interface StatProps {
  label: string
  /** A figure component. */
  children: Children
  note?: string | undefined
  /** A `Delta`, beside the figure. */
  change?: Children
  /** A `Sparkline`, below it. */
  spark?: Children
}

/** Label, figure, and a quiet line under it; goes inside `<dl class="stats">`. */
export function Stat({ label, children, note, change, spark }: StatProps): JSX.Element {
  return (
    <div class="stat">
      <dt safe>{label}</dt>
      <dd>
        {children}
        {change ? " " : null}
        {change ?? null}
        {spark ?? null}
        {note ? (
          <span class="note" safe>
            {note}
          </span>
        ) : null}
      </dd>
    </div>
  )
}

/** Used of a limit, in credits: a bar and the words. The limit reads exactly as it was typed: 25.5 is not 25, and 119.7 of 120 is not all. */
export function CreditMeter({ label, used, limit }: { label: string; used: Nano; limit: Nano }): JSX.Element {
  const near = creditsUsed(used, 1)
  const words = `${creditsNumber(used < limit && near >= limit ? used : near, 1)} of ${creditsExact(limit)}`
  return (
    <div class="meter">
      <meter
        aria-label={label}
        min="0"
        max={limit || 1}
        high={Math.floor(limit * 0.8)}
        value={Math.min(used, limit)}
        title={`${creditsExact(used)} of ${creditsExact(limit)}`}
        safe
      >
        {words}
      </meter>
      <span class="num" safe>
        {words}
      </span>
    </div>
  )
}
