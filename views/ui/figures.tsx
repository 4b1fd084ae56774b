// Figures with their exact value behind them: credits, dollars, times, stats, meters.
import type { Children } from "@kitajs/html"
import type { Nano } from "../../src/app/units.ts"
import {
  absoluteTime,
  count,
  creditsExact,
  creditsNumber,
  creditsText,
  durationText,
  nanoExact,
  relativeTime,
  usdText,
} from "./format.ts"

/** "1,240 credits", exact in the title. */
export function Credits({ amount, signed = false }: { amount: Nano; signed?: boolean }): JSX.Element {
  return (
    <span class="num" title={creditsExact(amount)} safe>
      {signed && amount > 0 ? `+${creditsText(amount)}` : creditsText(amount)}
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

/** "$12.40", exact n$ in the title; for developers and admins. */
export function Usd({ amount }: { amount: Nano }): JSX.Element {
  return (
    <span class="num" title={nanoExact(amount)} safe>
      {usdText(amount)}
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

/** "3 min ago" with the absolute time in the title; `never` when there is none. */
export function When({ ms, now, never = "Never" }: { ms: number | null; now: number; never?: string }): JSX.Element {
  if (ms === null)
    return (
      <span class="quiet" safe>
        {never}
      </span>
    )
  return (
    <time datetime={new Date(ms).toISOString()} title={absoluteTime(ms)} safe>
      {relativeTime(ms, now)}
    </time>
  )
}

/** Time left; ticks where scripts run and then frees the button `enables`. */
export function Countdown({ ms, now, enables }: { ms: number; now: number; enables?: string }): JSX.Element {
  return (
    <time
      class="num"
      datetime={new Date(ms).toISOString()}
      title={absoluteTime(ms)}
      data-countdown={String(Math.max(0, ms - now))}
      data-enables={enables}
      safe
    >
      {durationText(ms - now)}
    </time>
  )
}

export interface StatProps {
  label: string
  /** A figure component. */
  children: Children
  note?: string | undefined
}

/** Label, figure, and a quiet line under it; goes inside `<dl class="stats">`. */
export function Stat({ label, children, note }: StatProps): JSX.Element {
  return (
    <div class="stat">
      <dt safe>{label}</dt>
      <dd>
        {children}
        {note ? (
          <span class="note" safe>
            {note}
          </span>
        ) : null}
      </dd>
    </div>
  )
}

/** Used of a limit, in credits: a bar and the words. The limit reads exactly as it was typed: 25.5 is not 25. */
export function CreditMeter({ label, used, limit }: { label: string; used: Nano; limit: Nano }): JSX.Element {
  const words = `${creditsNumber(used)} of ${creditsExact(limit)}`
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
