// Checkboxes, radios and switches: the box, its words, an optional second line. The whole row can be pressed.
import { Icon } from "./icon.tsx"

export interface ChoiceProps {
  type?: "checkbox" | "radio" | undefined
  name: string
  value: string
  /** Unique on the page. */
  id: string
  label: string
  help?: string | undefined
  error?: string | undefined
  checked?: boolean | undefined
  required?: boolean | undefined
  disabled?: boolean | undefined
}

export function Choice(props: ChoiceProps): JSX.Element {
  return <Box {...props} />
}

/** On or off at once, for settings of their own form; a box that is one answer among others is a `Choice`. */
export function Switch(props: Omit<ChoiceProps, "type">): JSX.Element {
  return <Box {...props} role="switch" />
}

function Box(props: ChoiceProps & { role?: "switch" }): JSX.Element {
  const described = [props.help ? `${props.id}-help` : "", props.error ? `${props.id}-error` : ""].filter(Boolean)
  return (
    <div class={props.role ? "choice switch" : "choice"}>
      <input
        type={props.type ?? "checkbox"}
        role={props.role}
        name={props.name}
        value={props.value}
        id={props.id}
        checked={props.checked}
        required={props.required}
        disabled={props.disabled}
        aria-invalid={props.error ? "true" : undefined}
        aria-describedby={described.join(" ") || undefined}
      />
      <div>
        <label for={props.id} safe>
          {props.label}
        </label>
        {props.help ? (
          <p class="help" id={`${props.id}-help`} safe>
            {props.help}
          </p>
        ) : null}
        {props.error ? (
          <p class="error" id={`${props.id}-error`}>
            <Icon name="alert" />
            <span safe>{props.error}</span>
          </p>
        ) : null}
      </div>
    </div>
  )
}

export interface ChoicesProps {
  legend: string
  help?: string | undefined
  error?: string | undefined
  name: string
  /** Default: the name. */
  id?: string | undefined
  type?: "checkbox" | "radio" | undefined
  options: readonly { value: string; label: string; help?: string | undefined; checked?: boolean | undefined }[]
}

/** A group of choices of one name under a legend; the error belongs to the group. */
export function Choices(props: ChoicesProps): JSX.Element {
  const id = props.id ?? props.name
  const described = [props.help ? `${id}-help` : "", props.error ? `${id}-error` : ""].filter(Boolean)
  return (
    <fieldset
      class={props.error ? "choices invalid" : "choices"}
      id={id}
      aria-describedby={described.join(" ") || undefined}
    >
      <legend safe>{props.legend}</legend>
      {props.help ? (
        <p class="help" id={`${id}-help`} safe>
          {props.help}
        </p>
      ) : null}
      {props.error ? (
        <p class="error" id={`${id}-error`}>
          <Icon name="alert" />
          <span safe>{props.error}</span>
        </p>
      ) : null}
      {props.options.map((option) => (
        <Choice {...option} type={props.type} name={props.name} id={`${id}-${option.value}`} />
      ))}
    </fieldset>
  )
}
