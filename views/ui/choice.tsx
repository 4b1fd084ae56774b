// Checkboxes, radios and switches: the box, its words, an optional second line. The whole row can be pressed.
import { type Described, describedBy, FieldError, Help } from "./described.tsx"

export interface ChoiceProps extends Described {
  type?: "checkbox" | "radio" | undefined
  name: string
  value: string
  /** Unique on the page. */
  id: string
  label: string
  checked?: boolean | undefined
  required?: boolean | undefined
  disabled?: boolean | undefined
  autofocus?: boolean | undefined
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
        autofocus={props.autofocus}
        data-alone={props.alone}
        aria-invalid={props.error ? "true" : undefined}
        aria-describedby={describedBy(props.id, props)}
      />
      <div>
        <label for={props.id} safe>
          {props.label}
        </label>
        <Help id={props.id} text={props.help} />
        <FieldError id={props.id} text={props.error} />
      </div>
    </div>
  )
}

export interface ChoicesProps extends Described {
  legend: string
  name: string
  /** Default: the name. */
  id?: string | undefined
  type?: "checkbox" | "radio" | undefined
  options: readonly Pick<ChoiceProps, "value" | "label" | "help" | "checked" | "alone">[]
}

/** A group of choices of one name under a legend; the error belongs to the group. */
export function Choices(props: ChoicesProps): JSX.Element {
  const id = props.id ?? props.name
  return (
    <fieldset class={props.error ? "choices invalid" : "choices"} id={id} aria-describedby={describedBy(id, props)}>
      <legend safe>{props.legend}</legend>
      <Help id={id} text={props.help} />
      <FieldError id={id} text={props.error} />
      {props.options.map((option) => (
        <Choice
          {...option}
          type={props.type}
          name={props.name}
          id={`${id}-${option.value.replaceAll(/[^\w-]/g, "-")}`}
        />
      ))}
    </fieldset>
  )
}
