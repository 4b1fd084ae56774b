// A password: shown while its button is pressed, until it is sent; a hint while Caps Lock is on. Without scripts a field like any other.
import { assetUrl } from "../../layout/assets.ts"
import { describedBy } from "../described.tsx"
import { type FieldProps, Head } from "../field.tsx"
import { Icon } from "../icon.tsx"

export type PasswordFieldProps = Pick<
  FieldProps,
  "name" | "id" | "label" | "help" | "error" | "optional" | "autofocus" | "required" | "minlength" | "mono" | "disabled"
> & {
  /** `current-password`, `new-password`, or `off` for a key of somebody else's service. */
  autocomplete: string | undefined
}

/** What stands in it never comes from the server. */
export function PasswordField(props: PasswordFieldProps): JSX.Element {
  const id = props.id ?? props.name
  return (
    <div class={props.error ? "field password invalid" : "field password"}>
      <Head {...props} />
      <span class="control">
        <input
          id={id}
          name={props.name}
          type="password"
          class={props.mono ? "mono" : undefined}
          autocomplete={props.autocomplete}
          spellcheck="false"
          required={props.required}
          minlength={props.minlength}
          autofocus={props.autofocus}
          disabled={props.disabled}
          aria-invalid={props.error ? "true" : undefined}
          aria-describedby={describedBy(id, props)}
        />
        <button
          type="button"
          class="reveal js"
          data-module={assetUrl("js/password.js")}
          data-reveal={id}
          aria-pressed="false"
          aria-controls={id}
          disabled={props.disabled}
        >
          <Icon name="eye" />
          <Icon name="hide" />
          <span class="sr" safe>{`Show ${props.label}`}</span>
        </button>
      </span>
      <p class="caps js" role="status"></p>
    </div>
  )
}
