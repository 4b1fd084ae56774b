// One field of a declared form: how it looks, how what was typed (or sent as JSON) is read, how a value is typed. Types and small helpers.
import { type TSchema, Type as t } from "@sinclair/typebox"
import type { FieldLook } from "../../../views/ui/fields.tsx"
import type { Bytes } from "../bounded.ts"

export type Read<T> = { readonly value: T } | { readonly error: string }
export const value = <T>(read: T): Read<T> => ({ value: read })
export const wrong = (error: string): Read<never> => ({ error })

export interface FieldDef<T> {
  readonly look: FieldLook
  /** In HTML and JSON. Default: the key of the declaration in snake_case. */
  readonly name?: string | undefined
  /** Spaces at the ends count. */
  readonly raw?: boolean
  /** Never shown again. */
  readonly secret?: boolean
  /** A browser leaves it out when nothing of it is chosen. */
  readonly boxed?: boolean
  /** The time something was last changed, handed back: after a conflict the present one, so that saving again overwrites knowingly. */
  readonly version?: boolean
  /** What was typed, trimmed unless `raw`; `look` with the options of this request. Nothing at all where the field was left out. */
  read(texts: readonly string[], look: FieldLook): Read<T>
  /** In place of `read` for a field that holds a file; null = none was chosen. */
  readFile?(bytes: Bytes | null): Read<T>
  /** How a person would have typed it. */
  write(value: T): readonly string[]
  /** A JSON value as it would have been typed; null = no such kind of value. Amounts are texts, never floats. */
  typedOf(json: unknown): readonly string[] | null
  readonly json: TSchema
}

export type Fields = Readonly<Record<string, FieldDef<unknown>>>
export type ValueOf<D> = D extends FieldDef<infer T> ? T : never
export type ValuesOf<F> = { [Key in keyof F]: ValueOf<F[Key]> }

/** What every field may say about itself. */
export interface Words {
  name?: string | undefined
  label: string
  help?: string | undefined
  /** Legend of the fieldset that it shares with its neighbours. */
  group?: string | undefined
  /** Answer to an empty field; without it an empty one is the domain's matter. */
  missing?: string | undefined
  required?: boolean | undefined
  prefix?: string | undefined
  suffix?: string | undefined
  autocomplete?: string | undefined
}

/** The look that follows from the words. */
export const lookOf = (words: Words, more: Partial<FieldLook>): FieldLook => ({
  control: "input",
  label: words.label,
  help: words.help,
  group: words.group,
  prefix: words.prefix,
  suffix: words.suffix,
  autocomplete: words.autocomplete,
  required: words.required ?? (words.missing !== undefined ? true : undefined),
  ...more,
})

/** What JSON gives as one text: a string, or a whole number. */
export const oneText = (json: unknown): readonly string[] | null =>
  typeof json === "string" ? [json] : Number.isSafeInteger(json) ? [String(json)] : json === null ? [""] : null

export const first = (texts: readonly string[]): string => texts[0] ?? ""

/** As a number, or as it is typed. */
export const wholeJson = ({ description, ...bounds }: { description: string; minimum?: number; maximum?: number }) =>
  t.Union([t.Integer(bounds), t.String({ pattern: "^\\d{0,16}$" })], { description })
