// Several of many, as chips. Without scripts a list in which several can be chosen, or, where options come by search, a text area.
import { describedBy } from "../described.tsx"
import { Head, type Named } from "../field.tsx"
import { Chips } from "./chips.tsx"
import { Combo, NativeOptions, type OptionSource, type PickerOption } from "./listbox.tsx"

export interface MultiSelectProps extends Named, OptionSource {
  /** What is chosen; by search with their words. */
  chosen?: readonly Pick<PickerOption, "value" | "label">[] | undefined
  placeholder?: string | undefined
  disabled?: boolean | undefined
}

/** As an attribute without a value; its type says it had one. */
const SEVERAL: object = { multiple: true }

/** From a select the values come one a field, from a text area one a line. */
export function MultiSelect(props: MultiSelectProps): JSX.Element {
  const { name, options, chosen = [] } = props
  const id = props.id ?? name
  const values = chosen.map(({ value }) => value)
  const shared = {
    id,
    name,
    disabled: props.disabled,
    "aria-invalid": props.error ? ("true" as const) : undefined,
    "aria-describedby": describedBy(id, props),
  }
  return (
    <div class={props.error ? "field invalid" : "field"} x-data="multi" data-search={props.search}>
      <Head {...props} />
      <div class="nojs">
        {options ? (
          <select {...shared} {...SEVERAL} size={String(Math.min(8, Math.max(3, options.length)))} x-ref="native">
            <NativeOptions options={options} chosen={values} />
          </select>
        ) : (
          <textarea {...shared} rows="3" spellcheck="false" x-ref="native" safe>
            {values.join("\n")}
          </textarea>
        )}
      </div>
      <Combo
        id={id}
        label={props.label}
        placeholder={props.placeholder}
        disabled={props.disabled}
        invalid={Boolean(props.error)}
        describedBy={describedBy(id, props)}
      >
        <Chips label={`Chosen: ${props.label}`} items={chosen} disabled={props.disabled} />
      </Combo>
      <p class="sr" role="status" x-text="news"></p>
    </div>
  )
}
