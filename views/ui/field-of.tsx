// One field of a declared form, whatever its control.
import { Choice, Choices } from "./choice.tsx"
import { Area, Field, type FieldProps, Select } from "./field.tsx"
import { type FieldOption, type FieldView, idOf } from "./fields.tsx"
import { FileField } from "./file-field.tsx"
import { CodeField } from "./pickers/code.tsx"
import { Combobox } from "./pickers/combobox.tsx"
import { MultiSelect } from "./pickers/multi.tsx"
import { PasswordField } from "./pickers/password.tsx"
import { TagField } from "./pickers/tags.tsx"
import { Upload } from "./upload.tsx"

interface FieldOfProps {
  field: FieldView
  ids?: string | undefined
  autofocus?: boolean | undefined
}

/** One field, whatever its control. */
export function FieldOf({ field, ids, autofocus }: FieldOfProps): JSX.Element {
  const [value = ""] = field.typed
  const id = idOf(ids, field.name)
  const { name, label, error } = field
  // What a password must be is said once: by the error, when there is one.
  const help = error && field.type === "password" ? undefined : field.help
  const shared = { name, id, label, help, error, autofocus, optional: field.optional }
  switch (field.control) {
    case "hidden":
      return <input type="hidden" name={name} value={value} />
    case "box":
      return (
        <Choice
          name={name}
          id={id}
          value="1"
          label={label}
          help={help}
          checked={value === "1"}
          required={field.required}
          error={error}
          autofocus={autofocus}
        />
      )
    case "radios":
    case "boxes":
      return (
        <Choices
          name={name}
          id={id}
          type={field.control === "boxes" ? "checkbox" : "radio"}
          legend={label}
          help={help}
          error={error}
          options={(field.options ?? []).map((each) => ({ ...each, checked: field.typed.includes(each.value) }))}
        />
      )
    case "select":
      return <Select {...shared} options={field.options ?? []} value={value} />
    case "combobox":
      return <Combobox {...shared} {...sourceOf(field)} value={value} required={field.required} />
    case "multi":
      return <MultiSelect {...shared} {...sourceOf(field)} chosen={chosenOf(field)} />
    case "tags":
      return <TagField {...shared} tags={linesOf(field)} mono={field.mono} rows={field.rows} withCommas />
    case "upload":
      return <Upload {...shared} shape={field.shape} />
    case "file":
      return <FileField {...shared} accept={field.accept} />
    case "area":
      return <Area {...shared} rows={field.rows} required={field.required} mono={field.mono} value={value} />
    case "code":
      return <CodeField {...shared} value={value} />
    case "input":
      return <Input {...shared} field={field} value={value} />
  }
}

const sourceOf = ({ options, search, valueLabel }: FieldView) => ({
  search,
  valueLabel,
  options: options?.map(({ value, label, help }) => ({ value, label, detail: help })),
})

const linesOf = ({ typed }: FieldView): string[] => typed.flatMap((text) => text.split(/\s+/)).filter(Boolean)

/** What was found by search is shown as its value: its words are the server's to know. */
const chosenOf = (field: FieldView): FieldOption[] =>
  field.options
    ? field.options.filter(({ value }) => field.typed.includes(value))
    : linesOf(field).map((value) => ({ value, label: value }))

type InputProps = Pick<FieldProps, "name" | "id" | "label" | "help" | "error" | "optional" | "autofocus" | "value"> & {
  field: FieldView
}

function Input({ field, value, ...shared }: InputProps): JSX.Element {
  if (field.type === "password") return <PasswordField {...field} {...shared} autocomplete={field.autocomplete} />
  return (
    <Field
      {...shared}
      type={field.type}
      inputmode={field.inputmode}
      autocomplete={field.autocomplete}
      prefix={field.prefix}
      suffix={field.suffix}
      minlength={field.minlength}
      maxlength={field.maxlength}
      mono={field.mono}
      spellcheck={field.type === "url" || field.type === "email" ? false : undefined}
      required={field.required}
      value={value}
    />
  )
}
