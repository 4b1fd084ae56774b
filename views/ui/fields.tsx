// A declared form: its fields drawn from plain data, with errors, groups, and its button. The declaration itself is the server's.
import type { Children } from "@kitajs/html"
import { Button } from "./button.tsx"
import { ErrorSummary } from "./feedback.tsx"
import type { FieldProps } from "./field.tsx"
import { FieldOf } from "./field-of.tsx"
import { Form } from "./form.tsx"
import { closedForm } from "./seat.ts"
import type { UploadShape } from "./upload.tsx"

export interface FieldOption {
  value: string
  label: string
  help?: string | undefined
  /** Of radios: chosen, the fields that follow are not asked for. */
  alone?: boolean | undefined
}

/** How a field looks, whatever stands in it. */
export interface FieldLook
  extends Pick<
    FieldProps,
    | "type"
    | "inputmode"
    | "autocomplete"
    | "prefix"
    | "suffix"
    | "minlength"
    | "maxlength"
    | "mono"
    | "optional"
    | "required"
  > {
  control:
    | "input"
    | "code"
    | "area"
    | "select"
    | "combobox"
    | "multi"
    | "tags"
    | "radios"
    | "boxes"
    | "box"
    | "hidden"
    | "upload"
    | "file"
  label: string
  help?: string | undefined
  /** Legend of the fieldset it stands in together with its neighbours of the same one. */
  group?: string | undefined
  rows?: number | undefined
  options?: readonly FieldOption[] | undefined
  /** Of comboboxes and multi-selects without options: the path that answers `?q=`. */
  search?: string | undefined
  /** Of a file: types as the browser's picker takes them. */
  accept?: string | undefined
  /** Of a picture. */
  shape?: UploadShape | undefined
}

/** A field with what stands in it. */
export interface FieldView extends FieldLook {
  name: string
  /** As typed; several only for boxes. */
  typed: readonly string[]
  /** Words of what a combobox found by search before. Default: its value. */
  valueLabel?: string | undefined
  error?: string | undefined
}

/** A form with everything but its token. */
export interface FormView {
  action: string
  fields: readonly FieldView[]
  /** By name of the field, in the order of the form; `form` for the whole. */
  errors?: Record<string, string> | undefined
  /** The verb of the button. */
  submit: string
  danger?: boolean | undefined
  /** For a second form on a page: put before the ids of its fields. */
  ids?: string | undefined
  /** The page is about this form: its first field that waits for something has the focus when the page opens. */
  opens?: boolean | undefined
}

/** Id of a field, also of a second form on the page. */
export const idOf = (ids: string | undefined, name: string): string => (ids ? `${ids}-${name}` : name)

interface Group {
  legend: string | undefined
  fields: FieldView[]
}

function groupsOf(fields: readonly FieldView[]): Group[] {
  const groups: Group[] = []
  for (const field of fields) {
    const last = groups.at(-1)
    if (last && last.legend === field.group) last.fields.push(field)
    else groups.push({ legend: field.group, fields: [field] })
  }
  return groups
}

/** What stands below a field, by its name: what is said about it while it is typed. */
export type BelowFields = Readonly<Record<string, Children>>

interface FieldsProps {
  form: Pick<FormView, "fields" | "ids" | "opens" | "errors">
  below?: BelowFields | undefined
}

/** All fields in their order, neighbours of one group in a fieldset. */
export function Fields({ form, below }: FieldsProps): JSX.Element {
  const focus = focusOf(form)
  return (
    <>
      {groupsOf(form.fields).map((group) =>
        group.legend === undefined ? (
          <Each fields={group.fields} ids={form.ids} focus={focus} below={below} />
        ) : (
          <fieldset>
            <legend safe>{group.legend}</legend>
            <Each fields={group.fields} ids={form.ids} focus={focus} below={below} />
          </fieldset>
        ),
      )}
    </>
  )
}

function Each({
  fields,
  ids,
  focus,
  below = {},
}: Pick<FormView, "fields" | "ids"> & Pick<FieldsProps, "below"> & { focus: FieldView | undefined }): JSX.Element {
  return (
    <>
      {fields.map((field) => (
        <>
          <FieldOf field={field} ids={ids} autofocus={field === focus ? true : undefined} />
          {below[field.name] ?? null}
        </>
      ))}
    </>
  )
}

/** So few fields that an error beside its field is seen at once: a summary above would say it twice. */
const SHORT_FIELDS_MAX = 3
const shownOf = ({ fields }: Pick<FormView, "fields">) => fields.filter(({ control }) => control !== "hidden")

/** Whether the error of this field is said beside it only, and the field can take the focus in place of the summary. */
const isSaidBeside = (form: Pick<FormView, "fields" | "ids">, { control, error }: FieldView): boolean =>
  error !== undefined && control !== "radios" && control !== "boxes" && shownOf(form).length <= SHORT_FIELDS_MAX

/** The field that has the focus when the page opens: the wrong one of a short form, else the one to begin with. */
export function focusOf(form: Pick<FormView, "fields" | "ids" | "opens" | "errors">): FieldView | undefined {
  const shown = shownOf(form)
  if (form.errors) return form.ids === undefined ? shown.find((field) => isSaidBeside(form, field)) : undefined
  return form.opens ? (shown.find(({ typed }) => !typed[0]) ?? shown[0]) : undefined
}

export interface FormOfProps {
  form: FormView
  csrf: string
  class?: string | undefined
  /** A way back beside the button. */
  cancelHref?: string | undefined
  /** One of several forms on the page: its button does not lead. */
  isPlain?: boolean | undefined
  /** As wide as the card it stands in. */
  isWide?: boolean | undefined
  /** Beside the button. */
  beside?: Children
  /** In place of the fields in their order. */
  children?: Children
  below?: BelowFields | undefined
}

/** From so many fields on, leaving without saving is asked about. */
const LONG_FIELDS = 4

/** Errors, fields and button of a declared form; where its reader may not send it, who may. */
export function FormOf({ form, csrf, cancelHref, isPlain, isWide, beside, ...rest }: FormOfProps): JSX.Element {
  const closed = closedForm(form.action)
  if (closed !== null) return closed === "" || shownOf(form).length === 0 ? "" : <Closed words={closed} />
  const button = (
    <Button kind={form.danger ? "danger" : isPlain ? "plain" : "primary"} label={form.submit} wide={isWide} />
  )
  const isLong = form.fields.filter(({ control }) => control !== "hidden").length >= LONG_FIELDS
  const guard = isLong ? (form.errors ? "typed" : "") : undefined
  return (
    <>
      <ErrorSummary errors={summaryOf(form)} quiet={form.ids !== undefined} />
      <Form action={form.action} csrf={csrf} class={rest.class ?? "form"} guard={guard} withFiles={hasUpload(form)}>
        {rest.children ?? <Fields form={form} below={rest.below} />}
        {cancelHref === undefined && !beside ? (
          button
        ) : (
          <div class="actions">
            {button}
            {beside ?? null}
            {cancelHref === undefined ? null : (
              <a class="button plain" href={cancelHref} data-close="">
                Cancel
              </a>
            )}
          </div>
        )}
      </Form>
    </>
  )
}

const Closed = ({ words }: { words: string }): JSX.Element => (
  <p class="quiet" safe>
    {words}
  </p>
)

const hasUpload = (form: FormView): boolean =>
  form.fields.some(({ control }) => control === "upload" || control === "file")

/** Errors under the ids of their fields, which the summary links to. Of a short form only what is not said beside its field. */
export function summaryOf(form: Pick<FormView, "errors" | "fields" | "ids">): Record<string, string> | undefined {
  const beside = new Set(shownOf(form).flatMap((field) => (isSaidBeside(form, field) ? field.name : [])))
  const left = Object.entries(form.errors ?? {}).filter(([name]) => !beside.has(name))
  return Object.fromEntries(left.map(([name, text]) => [name === "form" ? name : idOf(form.ids, name), text]))
}

/** A field of a form by name, for a page that places it by hand. */
export function fieldNamed(form: FormView, name: string): FieldView {
  const field = form.fields.find((each) => each.name === name)
  if (!field) throw new Error(`the form has no field ${name}`)
  return field
}
