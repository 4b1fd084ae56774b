// The POST form: the one place that writes the CSRF field, so that no form can forget it.
import type { Children } from "@kitajs/html"
import { assetUrl } from "../layout/assets.ts"
import { isOffered } from "./seat.ts"

export interface FormProps {
  action: string
  csrf: string
  class?: string | undefined
  id?: string | undefined
  /** It has a file field: the bytes go along, not the name alone. */
  withFiles?: boolean | undefined
  /** Hidden fields beside `csrf`. */
  hidden?: Record<string, string | undefined> | undefined
  /** Asks before changes are lost (guard.js); `typed` where the fields hold some already. */
  guard?: "" | "typed" | undefined
  /** Takes no room: its button stands elsewhere, by `form`. */
  isAway?: boolean | undefined
  children?: Children
}

/** A POST form with its CSRF token; nothing where its reader may not send it. Works without scripts; the server answers 303 or 422 with the page again. */
export function Form(props: FormProps): JSX.Element {
  if (!isOffered("POST", props.action)) return ""
  const hidden = Object.entries(props.hidden ?? {}).filter(([, value]) => value !== undefined)
  return (
    <form
      method="post"
      action={props.action}
      class={props.class ?? "form"}
      id={props.id}
      data-guard={props.guard}
      data-module={props.guard === undefined ? undefined : assetUrl("js/guard.js")}
      enctype={props.withFiles ? "multipart/form-data" : undefined}
      hidden={props.isAway}
      novalidate
    >
      <input type="hidden" name="csrf" value={props.csrf} />
      {hidden.map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {props.children}
    </form>
  )
}
