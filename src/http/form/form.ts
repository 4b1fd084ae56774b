// One declaration a form: its fields give the parser, the errors in their order, the texts to show again, the same rules for JSON,
// its schema, and what the view draws. Rules of a domain stay there; their errors come back under the keys of the declaration.
import { type TSchema, Type as t } from "@sinclair/typebox"
import type { FieldLook, FormView } from "../../../views/ui/fields.tsx"
import { LIMITS } from "../../app/index.ts"
import type { Bytes } from "../bounded.ts"
import type { FieldDef, Fields, ValuesOf } from "./field.ts"

/** What was typed, by name in HTML; a name that is missing was not sent. */
export type TypedForm = Readonly<Record<string, readonly string[]>>

export interface Parsed<F extends Fields> {
  /** Everything, when nothing was wrong. */
  values: ValuesOf<F> | null
  /** What could be read. */
  readable: Partial<ValuesOf<F>>
  /** Keys of fields that nobody could read. */
  unread: (keyof F & string)[]
  /** By name, in the order of the form. */
  errors: Record<string, string>
  typed: TypedForm
}

export interface FormOptions {
  /** The verb of its button. */
  submit: string
  danger?: boolean
  /** Long texts that it takes, together, UTF-16 units: a guide is longer than forms may be. */
  textChars?: number
}

interface Shown<F extends Fields> extends Partial<FormOptions> {
  action: string
  present?: Partial<ValuesOf<F>> | undefined
  typed?: TypedForm | undefined
  errors?: Record<string, string> | undefined
  ids?: string | undefined
}

/** What a request changes of a field: its options or words; null leaves the field out, and it keeps its present value. */
type Change = Partial<FieldLook> | null

/** Anything that can be asked for what was sent under a name: `Form` of a body is one. */
export interface Sent {
  has(name: string): boolean
  all(name: string): string[]
}

export class FormDef<F extends Fields> {
  constructor(
    readonly fields: F,
    readonly options: FormOptions,
    private readonly changes: { readonly [Key in keyof F]?: Change } = {},
  ) {}

  /** This form with the options and words of one request, and without the fields that are null. */
  with(changes: { [Key in keyof F]?: Change }): FormDef<F> {
    return new FormDef(this.fields, this.options, { ...this.changes, ...changes })
  }

  /** Name of a field in HTML and JSON. */
  nameOf(key: string): string {
    return this.fields[key]?.name ?? key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  }

  /** Whether it is sent with a file. */
  get hasFile(): boolean {
    return Object.values(this.fields).some((field) => field.readFile !== undefined)
  }

  /** Bytes that it may take on the line. */
  get bytesMax(): number {
    return LIMITS.formBytesMax + (this.options.textChars ?? 0) * LIMITS.formBytesPerChar
  }

  /** What a browser sent. A box that is not there was not ticked. */
  fromHtml(sent: Sent): TypedForm {
    const typed: Record<string, readonly string[]> = {}
    for (const [key, field] of this.shown()) {
      const name = this.nameOf(key)
      if (sent.has(name)) typed[name] = sent.all(name).map((text) => (field.raw ? text : text.trim()))
      else if (field.boxed) typed[name] = []
    }
    return typed
  }

  /** What a program sent, as a person would have typed it; with errors for values of a wrong kind and names that do not exist. */
  fromJson(body: Readonly<Record<string, unknown>>): { typed: TypedForm; errors: Record<string, string> } {
    const typed: Record<string, readonly string[]> = {}
    const errors = new Map<string, string>()
    const names = new Map(this.shown().map(([key, field]) => [this.nameOf(key), field]))
    for (const [name, json] of Object.entries(body)) {
      const field = names.get(name)
      const texts = field?.typedOf(json)
      if (!field) errors.set(name, "There is no such field. Leave it out.")
      else if (!texts) errors.set(name, "This is not the kind of value that the field takes. See the API reference.")
      else typed[name] = texts.map((text) => (field.raw ? text : text.trim()))
    }
    // Not `errors[name] =`: a program may call a field "__proto__".
    return { typed, errors: Object.fromEntries(errors) }
  }

  /**
   * Reads what was typed. A field that was not sent keeps its value of `present`; without one it counts as empty.
   * @param wrong errors that are known already, by name
   * @param files where the bytes of a file field are, by name
   */
  parse(
    typed: TypedForm,
    present: Partial<ValuesOf<F>> = {},
    wrong: Record<string, string> = {},
    files: (name: string) => Bytes | null = () => null,
  ): Parsed<F> {
    const readable: Record<string, unknown> = {}
    for (const key of Object.keys(this.fields)) if (Object.hasOwn(present, key)) readable[key] = present[key]
    const unread: string[] = []
    const errors: Record<string, string> = { ...wrong }
    for (const [key, field, look] of this.shown()) {
      const name = this.nameOf(key)
      const texts = typed[name]
      if (errors[name] === undefined && texts === undefined && Object.hasOwn(present, key)) continue
      const reading = () =>
        texts?.some((text) => text.includes("\0"))
          ? { error: NUL }
          : (field.readFile?.(files(name)) ?? field.read(texts ?? [], look))
      const read = errors[name] === undefined ? reading() : { error: errors[name] }
      if ("value" in read) readable[key] = read.value
      else {
        errors[name] = read.error
        unread.push(key)
        delete readable[key]
      }
    }
    const isWhole = Object.keys(errors).length === 0
    return {
      values: isWhole ? (readable as ValuesOf<F>) : null,
      readable: readable as Partial<ValuesOf<F>>,
      unread,
      errors: this.inOrder(errors),
      typed,
    }
  }

  /** Errors of a domain, by key of the declaration, under the names of the fields; what belongs to none of them is the form's. */
  named(errors: Readonly<Record<string, string | undefined>>): Record<string, string> {
    const named: Record<string, string> = {}
    for (const [key, words] of Object.entries(errors)) {
      if (words === undefined) continue
      const isField = this.shown().some(([each]) => each === key || this.nameOf(each) === key)
      const name = isField ? this.nameOf(key) : "form"
      named[name] ??= words
    }
    return named
  }

  /** As the fields stand in the form; what belongs to the whole comes first. */
  inOrder(errors: Readonly<Record<string, string>>): Record<string, string> {
    const names = this.shown().map(([key]) => this.nameOf(key))
    return Object.fromEntries(Object.entries(errors).toSorted(([a], [b]) => names.indexOf(a) - names.indexOf(b)))
  }

  /** Texts that stand for values. */
  typedOf(values: Partial<ValuesOf<F>>): TypedForm {
    const typed: Record<string, readonly string[]> = {}
    for (const [key, field] of this.shown()) {
      if (Object.hasOwn(values, key)) typed[this.nameOf(key)] = field.write(values[key as keyof F])
    }
    return typed
  }

  /** As hidden fields of a question. */
  hiddenOf(values: ValuesOf<F>): Record<string, string> {
    return Object.fromEntries(Object.entries(this.typedOf(values)).map(([name, texts]) => [name, texts[0] ?? ""]))
  }

  /** Without the time that the thing was seen at, which then becomes the present one. */
  withoutVersion(typed: TypedForm): TypedForm {
    const versions = this.shown().flatMap(([key, field]) => (field.version ? this.nameOf(key) : []))
    return Object.fromEntries(Object.entries(typed).filter(([name]) => !versions.includes(name)))
  }

  /** What the view draws: what was typed, else what is so at present. */
  show(shown: Shown<F>): FormView {
    const typed: TypedForm = { ...this.typedOf(shown.present ?? {}), ...shown.typed }
    return {
      action: shown.action,
      submit: shown.submit ?? this.options.submit,
      danger: shown.danger ?? this.options.danger,
      ids: shown.ids,
      errors: shown.errors,
      fields: this.shown().map(([key, field, look]) => {
        const name = this.nameOf(key)
        return { ...look, name, typed: field.secret ? [] : (typed[name] ?? []), error: shown.errors?.[name] }
      }),
    }
  }

  /**
   * JSON schema of what a program sends.
   * @param kept keys of fields that have a present value, and so need not be sent
   */
  schema(kept: readonly string[] = []): TSchema {
    const entries = Object.entries(this.fields).map(([key, field]) => {
      const isNeeded = field.look.required === true && !kept.includes(key)
      const json = isNeeded ? notEmpty(described(field)) : described(field)
      return [this.nameOf(key), isNeeded ? json : t.Optional(json)] as const
    })
    return t.Object(Object.fromEntries(entries), { additionalProperties: false })
  }

  private shown(): [key: string, field: FieldDef<unknown>, look: FieldLook][] {
    return Object.entries(this.fields).flatMap(([key, field]): [string, FieldDef<unknown>, FieldLook][] => {
      const change = this.changes[key]
      return change === null ? [] : [[key, field, change ? { ...field.look, ...change } : field.look]]
    })
  }
}

/** SQLite counts text up to there: of `\0` alone it has none, and of more it would not see the rest. */
const NUL = "There is a character in this that cannot be saved (U+0000). Take it out."

/** Text of a field that must be filled in. */
const notEmpty = (json: TSchema): TSchema => (json.type === "string" ? { minLength: 1, ...json } : json)

/** A field's schema with all that a person reads beside it. */
function described({ json, look: { label, group, prefix, suffix, help } }: FieldDef<unknown>): TSchema {
  if (json.description !== label) return json
  const unit = prefix ?? suffix
  const name = `${group ? `${group}: ` : ""}${label}${unit ? ` (${unit})` : ""}`
  return { ...json, description: help ? `${name}. ${help}` : name }
}

/** Declares a form. Keys are the names of the values; errors of the domain come back under them. */
export const form = <F extends Fields>(fields: F, options: FormOptions): FormDef<F> => new FormDef(fields, options)

/** A button: a form without a field. */
export const button = (submit: string, danger = false): FormDef<Record<never, never>> =>
  new FormDef({}, { submit, danger })
