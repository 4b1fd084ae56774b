// One of many, found by typing: a model, a person. Without scripts a select, or a text field that takes what is typed.
import { describedBy } from "../described.tsx"
import { Head, type Named } from "../field.tsx"
import { Combo, NativeOptions, type OptionSource } from "./listbox.tsx"

export interface ComboboxProps extends Named, OptionSource {
  /** Value of the option that is chosen. */
  value?: string | undefined
  /** Its words, where the options come by search. Default: the value. */
  valueLabel?: string | undefined
  placeholder?: string | undefined
  /** What a list may begin with: "Any model". It stands for no choice. */
  empty?: string | undefined
  disabled?: boolean | undefined
  required?: boolean | undefined
}

export function Combobox(props: ComboboxProps): JSX.Element {
  const { name, value = "", options, search } = props
  const id = props.id ?? name
  const chosen = options?.find((option) => option.value === value)
  const shared = { id, name, disabled: props.disabled, "aria-invalid": props.error ? ("true" as const) : undefined }
  return (
    <div class={props.error ? "field invalid" : "field"} x-data="combobox" data-search={search}>
      <Head {...props} />
      <div class="nojs">
        {options ? (
          <select {...shared} aria-describedby={describedBy(id, props)} x-ref="native">
            <option value="" safe>
              {props.empty ?? "None"}
            </option>
            <NativeOptions options={options} chosen={[value]} />
          </select>
        ) : (
          <input
            {...shared}
            type="text"
            value={value}
            autocomplete="off"
            required={props.required}
            aria-describedby={describedBy(id, props)}
            x-ref="native"
          />
        )}
      </div>
      <Combo
        id={id}
        label={props.label}
        value={chosen?.label ?? props.valueLabel ?? value}
        placeholder={props.placeholder ?? props.empty}
        disabled={props.disabled}
        invalid={Boolean(props.error)}
        describedBy={describedBy(id, props)}
      />
    </div>
  )
}
