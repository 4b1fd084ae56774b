// How far something is: progress bars, meters of a limit, steps of a task, and what happened when.
import type { Children } from "@kitajs/html"
import type { Tone } from "./feedback.tsx"
import { Icon, type IconName } from "./icon.tsx"
import { isOffered } from "./seat.ts"
import { When } from "./time.tsx"

export interface ProgressProps {
  /** Unique on the page. */
  id: string
  label: string
  /** Undefined: it works, but nobody knows how long. */
  value?: number | undefined
  max?: number | undefined
  /** The words beside the bar: "3 of 12 pages". */
  text: string
}

/** Something that runs now. */
export function Progress({ id, label, value, max = 100, text }: ProgressProps): JSX.Element {
  return (
    <div class="meter">
      <label for={id} safe>
        {label}
      </label>
      <progress id={id} value={value} max={max} safe>
        {text}
      </progress>
      <span class="num" safe>
        {text}
      </span>
    </div>
  )
}

export interface MeterProps {
  label: string
  value: number
  max: number
  /** The words below the bar: "412 of 500 calls". */
  text: string
  /** Part of the maximum above which it warns; default 0.8. */
  warnAt?: number | undefined
}

/** A part of a limit, in any unit; credits have `CreditMeter`. */
export function Meter({ label, value, max, text, warnAt = 0.8 }: MeterProps): JSX.Element {
  return (
    <div class="meter">
      <meter aria-label={label} min="0" max={max || 1} high={(max || 1) * warnAt} value={Math.min(value, max)} safe>
        {text}
      </meter>
      <span class="num" safe>
        {text}
      </span>
    </div>
  )
}

export interface Step {
  label: string
  state: "done" | "current" | "next"
  /** Done steps may be opened again. */
  href?: string | undefined
}

/** Where somebody is in a task of a few pages. */
export function Stepper({ label, steps }: { label: string; steps: readonly Step[] }): JSX.Element {
  return (
    <nav class="stepper" aria-label={label}>
      <ol class="plain">
        {steps.map((step, index) => (
          <li class={step.state} aria-current={step.state === "current" ? "step" : undefined}>
            <span class="dot num" aria-hidden="true">
              {step.state === "done" ? <Icon name="check" /> : <span safe>{String(index + 1)}</span>}
            </span>
            {step.state === "done" ? <span class="sr">{"Done: "}</span> : null}
            {step.href && isOffered("GET", step.href) ? (
              <a href={step.href} safe>
                {step.label}
              </a>
            ) : (
              <span safe>{step.label}</span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  )
}

export interface TimelineEvent {
  atMs: number
  title: string
  text?: string | undefined
  tone?: Tone | undefined
  icon?: IconName | undefined
  /** Finished elements, for instance facts in a `<details>`. */
  children?: Children
}

/** What happened, newest first. */
export function Timeline({ now, events }: { now: number; events: readonly TimelineEvent[] }): JSX.Element {
  return (
    <ol class="timeline plain">
      {events.map((event) => (
        <li class={event.tone ?? "neutral"}>
          <Icon name={event.icon ?? "dot"} />
          <div>
            <p>
              <span class="strong" safe>
                {event.title}
              </span>{" "}
              <When ms={event.atMs} now={now} />
            </p>
            {event.text ? (
              <p class="quiet" safe>
                {event.text}
              </p>
            ) : null}
            {event.children ?? null}
          </div>
        </li>
      ))}
    </ol>
  )
}
