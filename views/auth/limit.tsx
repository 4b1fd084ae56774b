// What an AI scope may cost per day: the figure that is sent, a slider where scripts run, and what it is worth in chats.
import { creditsDecimal, NANO_PER_CREDIT, type Nano } from "../../src/app/units.ts"
import { count, creditsText } from "../ui/format.ts"
import { FieldError, Slider } from "../ui/index.ts"

export interface DailyLimit {
  /** The figure in the field, n$. */
  perDay: Nano
  /** Right end of the slider, n$; larger figures can be typed. */
  max: Nano
  /** For "about N chats": what one typically costs and what it is called. */
  estimate?: { each: Nano; noun: string } | undefined
  /** What was typed, when it could not be read. */
  typed?: string | undefined
}

export interface LimitFieldProps {
  /** The scope token; the field is `limit_<scope>`. */
  scope: string
  /** What the limit is for, in words. */
  purpose: string
  limit: DailyLimit
  error?: string | undefined
  autofocus?: boolean | undefined
}

/** A number of credits per day; where scripts run a slider beside it, and "about N chats" follows the number. */
export function LimitField({ scope, purpose, limit, error, autofocus }: LimitFieldProps): JSX.Element {
  const { perDay, max, estimate, typed } = limit
  const id = `limit_${scope}`
  // What could not be read is worth nothing in chats.
  const shown = error ? undefined : estimate
  const about = shown ? Math.floor(perDay / Math.max(1, shown.each)) : 0
  const described = [error ? `${id}-error` : "", shown ? `${id}-about` : ""].filter(Boolean).join(" ")
  return (
    <div class={error ? "limit invalid" : "limit"}>
      <label for={id}>At most per day</label>
      <FieldError id={id} text={error} />
      {shown ? (
        <p class="help" id={`${id}-about`}>
          <span class="nojs" safe>{`${creditsText(perDay)}: `}</span>
          {"about "}
          <span class="num" data-about={id} data-each={String(shown.each / NANO_PER_CREDIT)} safe>
            {count(about)}
          </span>{" "}
          <span safe>{shown.noun}</span>
        </p>
      ) : null}
      {error ? null : (
        <Slider
          field={id}
          label={`At most per day for: ${purpose}`}
          value={perDay / NANO_PER_CREDIT}
          max={max / NANO_PER_CREDIT}
          unit="credits"
        />
      )}
      <span class="control">
        <input
          id={id}
          name={id}
          type="number"
          inputmode="decimal"
          min="0"
          step="any"
          value={typed ?? creditsDecimal(perDay)}
          required
          autofocus={autofocus}
          autocomplete="off"
          aria-invalid={error ? "true" : undefined}
          aria-describedby={described || undefined}
        />
        <span class="suffix">credits</span>
      </span>
    </div>
  )
}
