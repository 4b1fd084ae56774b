// Text fields, areas and selects with label, help and error tied together for eyes and for readers.
import { type Described, describedBy, FieldError, Help } from "./described.tsx"

export interface Named extends Described {
  /** Field name; also its id and the prefix of its help and error ids, unless `id` is given. */
  name: string
  label: string
  id?: string | undefined
  optional?: boolean | undefined
}

export interface FieldProps extends Named {
  type?: "text" | "email" | "password" | "number" | "url" | "search" | "date" | undefined
  value?: string | undefined
  autocomplete?: string | undefined
  inputmode?: "text" | "numeric" | "decimal" | "email" | "url" | undefined
  required?: boolean | undefined
  min?: number | undefined
  max?: number | undefined
  step?: number | undefined
  minlength?: number | undefined
  maxlength?: number | undefined
  pattern?: string | undefined
  /** Fixed words before and after what is typed: "$", "credits per day". */
  prefix?: string | undefined
  suffix?: string | undefined
  autofocus?: boolean | undefined
  placeholder?: string | undefined
  spellcheck?: boolean | undefined
  mono?: boolean | undefined
  disabled?: boolean | undefined
}

const idOf = (props: Named): string => props.id ?? props.name

/** Label, help and error: what stands above a control. */
export function Head(props: Named): JSX.Element {
  return (
    <>
      <label for={idOf(props)}>
        <span safe>{props.label}</span>
        {props.optional ? <span class="optional"> (optional)</span> : null}
      </label>
      <Help id={idOf(props)} text={props.help} />
      <FieldError id={idOf(props)} text={props.error} />
    </>
  )
}

export function Field(props: FieldProps): JSX.Element {
  return (
    <div class={props.error ? "field invalid" : "field"}>
      <Head {...props} />
      <span class="control">
        {props.prefix ? (
          <span class="prefix" safe>
            {props.prefix}
          </span>
        ) : null}
        <input
          id={idOf(props)}
          name={props.name}
          class={props.mono ? "mono" : undefined}
          type={props.type ?? "text"}
          value={props.value}
          autocomplete={props.autocomplete}
          inputmode={props.inputmode}
          required={props.required}
          min={props.min}
          max={props.max}
          step={props.step === undefined ? undefined : String(props.step)}
          minlength={props.minlength}
          maxlength={props.maxlength}
          pattern={props.pattern}
          placeholder={props.placeholder}
          autofocus={props.autofocus}
          disabled={props.disabled}
          spellcheck={props.spellcheck === false ? "false" : undefined}
          aria-invalid={props.error ? "true" : undefined}
          aria-describedby={describedBy(idOf(props), props)}
        />
        {props.suffix ? (
          <span class="suffix" safe>
            {props.suffix}
          </span>
        ) : null}
      </span>
    </div>
  )
}

export interface AreaProps extends Named {
  value?: string | undefined
  rows?: number | undefined
  required?: boolean | undefined
  mono?: boolean | undefined
  autofocus?: boolean | undefined
}

export function Area(props: AreaProps): JSX.Element {
  return (
    <div class={props.error ? "field invalid" : "field"}>
      <Head {...props} />
      <textarea
        id={idOf(props)}
        name={props.name}
        class={props.mono ? "mono" : undefined}
        rows={String(props.rows ?? 3)}
        required={props.required}
        autofocus={props.autofocus}
        spellcheck="false"
        aria-invalid={props.error ? "true" : undefined}
        aria-describedby={describedBy(idOf(props), props)}
        safe
      >
        {props.value ?? ""}
      </textarea>
    </div>
  )
}

export interface SelectProps extends Named {
  value?: string | undefined
  options: readonly { value: string; label: string }[]
  disabled?: boolean | undefined
  /** A choice sends the form at once; only for filters. */
  auto?: boolean | undefined
  autofocus?: boolean | undefined
}

export function Select(props: SelectProps): JSX.Element {
  return (
    <div class={props.error ? "field invalid" : "field"}>
      <Head {...props} />
      <select
        id={idOf(props)}
        name={props.name}
        disabled={props.disabled}
        autofocus={props.autofocus}
        aria-invalid={props.error ? "true" : undefined}
        aria-describedby={describedBy(idOf(props), props)}
        data-auto={props.auto ? "" : undefined}
      >
        {props.options.map((option) => (
          <option value={option.value} selected={option.value === props.value} safe>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  )
}
