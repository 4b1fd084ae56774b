// Fields of a form, made of the JSON Schema of a tool's arguments: plain kinds have fields of their own, everything else is typed as JSON.
// A stranger wrote the schema: its words are shortened, and it decides nothing but the look.
import { Type as t } from "@sinclair/typebox"
import { type FieldDef, type Fields, field } from "../../http/index.ts"

type Schema = Readonly<Record<string, unknown>>

const FIELDS_MAX = 40
const LABEL_CHARS = 80
const HELP_CHARS = 300
const OPTIONS_MAX = 100

/** @returns values by the names of the schema; undefined where nothing was typed */
export function fieldsOf(schema: Schema | undefined): Fields {
  const properties = Object.entries(isObject(schema?.properties) ? schema.properties : {}).slice(0, FIELDS_MAX)
  const required = new Set(Array.isArray(schema?.required) ? schema.required : [])
  // Names of HTML are ours: what a schema calls a property may be anything.
  const fields = properties.map(([name, one], at) => [
    name,
    fieldOf(name, isObject(one) ? one : {}, { name: `arg_${at}`, isNeeded: required.has(name) }),
  ])
  return Object.fromEntries(fields) as Fields
}

const isObject = (value: unknown): value is Schema =>
  value !== null && typeof value === "object" && !Array.isArray(value)
const short = (value: unknown, chars: number): string => (typeof value === "string" ? value.slice(0, chars) : "")

function fieldOf(
  property: string,
  schema: Schema,
  { name, isNeeded }: { name: string; isNeeded: boolean },
): FieldDef<unknown> {
  const label = short(schema.title, LABEL_CHARS) || property.slice(0, LABEL_CHARS)
  const help = short(schema.description, HELP_CHARS) || undefined
  const words = { name, label, help, ...(isNeeded ? { required: true } : { optional: true as const }) }
  const base = { isNeeded, label }
  const options = Array.isArray(schema.enum) ? schema.enum.filter((one) => typeof one === "string") : []
  if (options.length > 0) return choiceOf(options.slice(0, OPTIONS_MAX), words, base)
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== "null") : schema.type
  if (type === "string") return reading(field.text(words), base, (text) => text)
  if (type === "integer" || type === "number") return reading(field.text(words), base, numberOf)
  if (type === "boolean") return choiceOf(["true", "false"], words, base, (text) => text === "true")
  return reading(field.area({ ...words, mono: true, help: [help, "As JSON."].filter(Boolean).join(" ") }), base, jsonOf)
}

type Base = { isNeeded: boolean; label: string }
const BAD = Symbol("unreadable")

/** A field whose text means something else. */
function reading(look: FieldDef<string>, { isNeeded }: Base, read: (text: string) => unknown): FieldDef<unknown> {
  return {
    ...look,
    read([text = ""]) {
      if (text === "") return isNeeded ? { error: "This is needed." } : { value: undefined }
      const value = read(text)
      return value === BAD ? { error: "This is not what the tool takes here." } : { value }
    },
    write: (value) => [value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value)],
    json: t.Unknown(),
  }
}

function choiceOf(
  options: readonly string[],
  words: Parameters<typeof field.text>[0],
  base: Base,
  read: (text: string) => unknown = (text) => text,
): FieldDef<unknown> {
  const none = base.isNeeded ? [] : [{ value: "", label: "Not given" }]
  const shown = [...none, ...options.map((value) => ({ value, label: value }))]
  const look = field.choice({ ...words, options: shown } as never) as FieldDef<string>
  return reading(look, base, (text) => (options.includes(text) ? read(text) : BAD))
}

function numberOf(text: string): unknown {
  const value = Number(text)
  return Number.isFinite(value) ? value : BAD
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return BAD
  }
}
