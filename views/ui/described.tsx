// Help and error of a control, tied to it for eyes and for readers. The one place that writes them.
import { Icon } from "./icon.tsx"

export interface Described {
  help?: string | undefined
  error?: string | undefined
}

/** Ids of error and help for `aria-describedby`, the error first; undefined when there are none. */
export const describedBy = (id: string, { help, error }: Described): string | undefined =>
  [error ? `${id}-error` : "", help ? `${id}-help` : ""].filter(Boolean).join(" ") || undefined

export function FieldError({ id, text }: { id: string; text: string | undefined }): JSX.Element {
  if (!text) return ""
  return (
    <p class="error" id={`${id}-error`}>
      <Icon name="alert" />
      <span safe>{text}</span>
    </p>
  )
}

export function Help({ id, text }: { id: string; text: string | undefined }): JSX.Element {
  if (!text) return ""
  return (
    <p class="help" id={`${id}-help`} safe>
      {text}
    </p>
  )
}
