// What the product says back: flash (live region), error summary, notice, empty state, badge.
import type { Children } from "@kitajs/html"
import type { Flash, FormErrors } from "../layout/frame.ts"
import { Icon, type IconName } from "./icon.tsx"

export type Tone = "neutral" | "ok" | "warn" | "bad" | "accent"

const FLASH: Record<Flash["kind"], { tone: Tone; icon: IconName }> = {
  ok: { tone: "ok", icon: "check" },
  error: { tone: "bad", icon: "alert" },
  info: { tone: "neutral", icon: "info" },
}

/** The page's live region; present even when empty so that later messages are read out. */
export function FlashRegion({ flash }: { flash?: Flash | undefined }): JSX.Element {
  return (
    <div id="flash" role="status">
      {flash ? <FlashMessage flash={flash} /> : null}
    </div>
  )
}

/** One message; `toast` lets it float over the page, so that nothing moves when a fragment brings it. */
export function FlashMessage({ flash, toast }: { flash: Flash; toast?: boolean | undefined }): JSX.Element {
  const { tone, icon } = FLASH[flash.kind]
  return (
    <p class={`notice ${tone}${toast ? " toast" : ""}`}>
      <Icon name={icon} />
      <span safe>{flash.text}</span>
    </p>
  )
}

/** Goes beside a fragment that answers htmx: fills the live region of the page, which reads it out. */
export function FlashPartial({ flash }: { flash?: Flash | undefined }): JSX.Element {
  if (!flash) return ""
  return (
    <tag of="hx-partial" {...{ "hx-target": "#flash", "hx-swap": "innerHTML" }}>
      <FlashMessage flash={flash} toast />
    </tag>
  )
}

/** A standing remark inside a page. */
export function Notice({
  tone = "neutral",
  text,
  children,
}: {
  tone?: Tone
  text: string
  children?: Children
}): JSX.Element {
  return (
    <div class={`notice ${tone}`}>
      <Icon name={tone === "ok" ? "check" : tone === "neutral" || tone === "accent" ? "info" : "alert"} />
      <div>
        <p safe>{text}</p>
        {children}
      </div>
    </div>
  )
}

/** All errors of a form with links to their fields; takes the focus when the page opens. Nothing when there are none. */
export function ErrorSummary({
  errors,
  quiet,
}: {
  errors?: FormErrors | undefined
  /** Leaves the focus where it is: for a second form on a page. */
  quiet?: boolean | undefined
}): JSX.Element {
  const entries = Object.entries(errors ?? {})
  if (entries.length === 0) return ""
  return (
    <div class="notice bad" role="alert" tabindex="-1" {...{ autofocus: quiet ? undefined : true }}>
      <Icon name="alert" />
      <ul class="plain">
        {entries.map(([name, message]) => (
          <li>
            {name === "form" ? (
              <span safe>{message}</span>
            ) : (
              <a href={`#${name}`} safe>
                {message}
              </a>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}

export interface EmptyProps {
  title: string
  text: string
  /** The one thing to do. */
  action?: Children
}

/** What this place will hold, why it is empty, the one thing to do. */
export function Empty({ title, text, action }: EmptyProps): JSX.Element {
  return (
    <div class="empty">
      <p class="empty-title" safe>
        {title}
      </p>
      <p safe>{text}</p>
      {action ?? null}
    </div>
  )
}

/** A state in one word; the tone never speaks alone. */
export function Badge({ tone = "neutral", text }: { tone?: Tone; text: string }): JSX.Element {
  return (
    <span class={`badge ${tone}`} safe>
      {text}
    </span>
  )
}
