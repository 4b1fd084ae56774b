// The digits from a mail: taken with the spaces and dashes they were pasted with, and sent by themselves once they are complete.
import { assetUrl } from "../../layout/assets.ts"
import { Help } from "../described.tsx"
import { type FieldProps, Head } from "../field.tsx"

export type CodeFieldProps = Pick<
  FieldProps,
  "name" | "id" | "label" | "error" | "autofocus" | "value" | "disabled"
> & {
  /** How many there are. Default 6. */
  digits?: number | undefined
}

/** Whatever is pasted, the server reads it too (`field.code`). */
export function CodeField({ digits = 6, ...props }: CodeFieldProps): JSX.Element {
  const id = props.id ?? props.name
  // That the form goes by itself is said before it does (WCAG 3.2.2).
  return (
    <div class={props.error ? "field code-field invalid" : "field code-field"}>
      <Head {...props} />
      <span class="control">
        <input
          id={id}
          name={props.name}
          type="text"
          class="mono"
          value={props.value}
          autocomplete="one-time-code"
          inputmode="numeric"
          spellcheck="false"
          required
          autofocus={props.autofocus}
          disabled={props.disabled}
          data-module={assetUrl("js/code.js")}
          data-code={String(digits)}
          aria-invalid={props.error ? "true" : undefined}
          aria-describedby={props.error ? `${id}-error ${id}-help` : `${id}-help`}
        />
      </span>
      <div class="js">
        <Help id={id} text={`It is sent as soon as all ${digits} digits are there.`} />
      </div>
    </div>
  )
}
