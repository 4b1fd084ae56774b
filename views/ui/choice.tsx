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
  /** Says all by itself: styles may hide what else a form asks. */
  alone?: boolean | undefined
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
        data-alone={props.alone}
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
  type?: "checkbox" | "radio" | undefined
  options: readonly Pick<ChoiceProps, "value" | "label" | "help" | "checked" | "alone">[]
}

/** A group of choices of one name under a legend; the error belongs to the group. */
export function Choices(props: ChoicesProps): JSX.Element {
  const described = [props.help ? `${props.name}-help` : "", props.error ? `${props.name}-error` : ""].filter(Boolean)
  return (
    <fieldset
      class={props.error ? "choices invalid" : "choices"}
      id={props.name}
      aria-describedby={described.join(" ") || undefined}
    >
      <legend safe>{props.legend}</legend>
      {props.help ? (
        <p class="help" id={`${props.name}-help`} safe>
          {props.help}
        </p>
      ) : null}
      {props.error ? (
        <p class="error" id={`${props.name}-error`}>
          <Icon name="alert" />
          <span safe>{props.error}</span>
        </p>
      ) : null}
      {props.options.map((option) => (
        <Choice {...option} type={props.type} name={props.name} id={`${props.name}-${option.value}`} />
      ))}
    </fieldset>
  )
}
