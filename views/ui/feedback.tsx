// What the product says back: flash (live region), error summary, notice, empty state, badge.
import type { Children } from "@kitajs/html"
import type { Flash, FormErrors, Undo } from "../layout/frame.ts"
import { Form } from "./form.tsx"
import { Icon, type IconName } from "./icon.tsx"

export type Tone = "neutral" | "ok" | "warn" | "bad" | "accent"

const FLASH: Record<Flash["kind"], { tone: Tone; icon: IconName }> = {
  ok: { tone: "ok", icon: "check" },
  error: { tone: "bad", icon: "alert" },
  info: { tone: "neutral", icon: "info" },
}

interface FlashProps {
  flash?: Flash | undefined
  /** Of this page, for the undo. */
  csrf: string
}

/**
 * The page's live region; present even when empty so that later messages are read out. Its messages float over the page where scripts
 * run (toast.js takes the region out of `main`, so that swaps leave it alone), and stand in the flow where none do.
 */
export function FlashRegion({ flash, csrf }: FlashProps): JSX.Element {
  return (
    <div id="flash" role="status">
      {flash ? <FlashMessage flash={flash} csrf={csrf} /> : null}
    </div>
  )
}

/** One message, with the way back where there is one. Leaves by itself; errors and what `stays` wait to be closed. */
export function FlashMessage({ flash, csrf }: FlashProps & { flash: Flash }): JSX.Element {
  const { tone, icon } = FLASH[flash.kind]
  const stays = flash.stays || flash.kind === "error"
  return (
    <div class={`notice toast ${tone}`} data-stays={stays ? "" : undefined}>
      <Icon name={icon} />
      <p safe>{flash.text}</p>
      {flash.undo ? <UndoForm undo={flash.undo} csrf={csrf} /> : null}
      <button type="button" class="toast-close" aria-label="Close this message">
        <Icon name="cross" />
      </button>
    </div>
  )
}

function UndoForm({ undo, csrf }: { undo: Undo; csrf: string }): JSX.Element {
  const fields = Object.entries(undo.fields).flatMap(([name, values]) =>
    values.map((value) => ({ name, value, isOne: values.length === 1 })),
  )
  return (
    <Form action={undo.action} csrf={csrf} class="toast-undo">
      {fields.map(({ name, value, isOne }) =>
        // Several values of one name are boxes, as they are in the form.
        isOne ? (
          <input type="hidden" name={name} value={value} />
        ) : (
          <input type="checkbox" name={name} value={value} checked hidden />
        ),
      )}
      <button type="submit" safe>
        {undo.label ?? "Undo"}
      </button>
    </Form>
  )
}

/** What holds for all pages, above the subject of each. */
export function FrameNotice({ notice }: { notice?: string | undefined }): JSX.Element {
  if (notice === undefined) return <></>
  return (
    <p class="notice warn frame-notice">
      <Icon name="alert" />
      <span safe>{notice}</span>
    </p>
  )
}

/** A message of the page itself, in its flow: on sign-in pages, which are one card in a small window. */
export function FlashLine({ flash }: { flash?: Flash | undefined }): JSX.Element {
  const { tone, icon } = FLASH[flash?.kind ?? "info"]
  return (
    <div id="flash" role="status" class="inline">
      {flash ? (
        <p class={`notice ${tone}`}>
          <Icon name={icon} />
          <span safe>{flash.text}</span>
        </p>
      ) : null}
    </div>
  )
}

/** Goes beside a fragment that answers htmx: fills the live region of the page, which reads it out. */
export function FlashPartial({ flash, csrf }: FlashProps): JSX.Element {
  if (!flash) return ""
  return (
    <tag of="hx-partial" {...{ "hx-target": "#flash", "hx-swap": "beforeend" }}>
      <FlashMessage flash={flash} csrf={csrf} />
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
