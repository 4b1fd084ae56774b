// A set-up file as text: YAML (or JSON) → what it says of each kind, bounded; and the present state → YAML.
import { AppError } from "../../../app/index.ts"
import type { FieldDef, FormDef } from "../../../http/index.ts"
import type { Kind, Values, Wanted } from "./types.ts"

/** Only who applies a file pays for it. */
const yaml = () => require("yaml") as typeof import("yaml")

const VERSION = 1
/** Characters; the settings of a large house are a tenth of it. */
const TEXT_MAX = 2_000_000
const ENTRIES_MAX = 20_000
/** More digits than these a number of YAML does not keep. */
const DIGITS_MAX = 15

type Mapping = Readonly<Record<string, unknown>>
const isMapping = (value: unknown): value is Mapping =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const refuse = (words: string): never => {
  throw new AppError("validation_failed", words, { formErrors: { file: words } })
}

/** What the file says, by kind, in the order in which kinds are made. @throws AppError validation_failed */
export function readSetup(text: string, kinds: readonly Kind[]): Map<Kind, Wanted[]> {
  const file = parsed(text)
  const { purser: version, ...sections } = file
  if (version !== VERSION) refuse(`The file has to begin with "purser: ${VERSION}", which says how it is to be read.`)
  const known = new Map(kinds.map((kind) => [kind.name, kind]))
  const strange = Object.keys(sections).find((name) => !known.has(name))
  if (strange !== undefined)
    refuse(`There is no section “${strange.slice(0, 60)}”. Sections are ${[...known.keys()].join(", ")}.`)
  const wanted = new Map<Kind, Wanted[]>()
  for (const kind of kinds) {
    const section = sections[kind.name]
    if (section === undefined || section === null) continue
    const entries = entriesOf(kind, section)
    if (entries.length > ENTRIES_MAX) refuse(`${kind.name} has more than ${ENTRIES_MAX.toLocaleString("en")} entries.`)
    const names = entries.map(({ entry }) => kind.idOf?.(entry) ?? entry)
    const twice = names.find((name, at) => names.indexOf(name) !== at)
    if (twice !== undefined) refuse(`${kind.name} names ${twice.slice(0, 100)} twice.`)
    wanted.set(kind, entries)
  }
  return wanted
}

function parsed(text: string): Mapping {
  if (text.length > TEXT_MAX) refuse("The file is larger than 2 MB.")
  const document = yaml().parseDocument(text)
  const [error] = document.errors
  if (error) refuse(`This is no valid YAML: ${error.message.split("\n")[0]!.replace(/:$/, "").slice(0, 200)}.`)
  const value = contentOf(document)
  return isMapping(value) ? value : refuse(`The file has to begin with "purser: ${VERSION}".`)
}

/** An alias of nothing, of itself, or of so much that it would not end, is told when it is followed. */
function contentOf(document: ReturnType<ReturnType<typeof yaml>["parseDocument"]>): unknown {
  try {
    return document.toJS()
  } catch {
    return refuse("This is no valid YAML: an alias (*name) leads nowhere, or to too much.")
  }
}

function entriesOf(kind: Kind, section: unknown): Wanted[] {
  const { shape, name } = kind
  if (shape === "names") {
    if (!Array.isArray(section) || !section.every((one) => typeof one === "string"))
      return refuse(`${name} is a list of names.`)
    return section.map((entry: string) => ({ entry, given: {} }))
  }
  if (typeof shape === "object") {
    if (!Array.isArray(section) || !section.every(isMapping)) return refuse(`${name} is a list; each of it has fields.`)
    return section.map((given: Mapping) => ({
      entry: shape.list.map((key) => String(given[key] ?? "")).join(" "),
      given,
    }))
  }
  if (!isMapping(section)) return refuse(`${name} has to have an entry on each line: “name: …”.`)
  return Object.entries(section).map(([entry, given]): Wanted => {
    if (shape === "value") return { entry, given: { value: given } }
    if (given === null) return { entry, given }
    return isMapping(given) ? { entry, given } : refuse(`${name}: ${entry.slice(0, 100)} has to have fields.`)
  })
}

/** As a person types it into a field: amounts are read from texts, and lists may be lines of one. */
export function givenTexts(form: FormDef<Values>, given: Mapping): Record<string, unknown> {
  const fields = new Map(
    Object.entries(form.fields).map(([key, field]) => [form.nameOf(key), field as FieldDef<unknown>]),
  )
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const isTaken = fields.get(name)?.typedOf(value) !== null
      return [name, isTaken ? value : (plainText(value) ?? value)]
    }),
  )
}

function plainText(value: unknown): string | null {
  if (typeof value === "number") return String(value).replace(/\D/g, "").length <= DIGITS_MAX ? String(value) : null
  return Array.isArray(value) && value.every((one) => typeof one === "string") ? value.join("\n") : null
}

/** The fields of one entry as the file has them. */
export function fieldsOf(form: FormDef<Values>, values: Values): Record<string, unknown> {
  const typed = form.typedOf(values)
  const fields: Record<string, unknown> = {}
  for (const [key, field] of Object.entries(form.fields) as [string, FieldDef<unknown>][]) {
    const name = form.nameOf(key)
    const texts = typed[name]
    if (texts !== undefined && !field.secret) fields[name] = plainOf(field, texts)
  }
  return fields
}

/** What `typedOf` of the field takes back as the same texts. */
function plainOf(field: FieldDef<unknown>, texts: readonly string[]): unknown {
  const [text = ""] = texts
  if (field.typedOf(true) !== null) return text === "1"
  if (field.typedOf([]) !== null) return texts.flatMap((one) => one.split("\n")).filter(Boolean)
  if (text === "" && field.typedOf(null) !== null) return null
  const { prefix, suffix, inputmode } = field.look
  const isAmount = prefix === "$" || suffix === "credits" || inputmode === "numeric"
  const plain = isAmount ? text.replaceAll(",", "") : text
  return field.typedOf(1) !== null && String(Number(plain)) === plain ? Number(plain) : plain
}

const HEAD = `# How this Purser is set up. Change it and run: purser apply FILE --dry-run
# Only what stands here is touched. Keys of providers are read from the environment by the names that stand here.
`

/** @param extra what only the kind can say of an entry, such as where its key comes from */
export function writeSetup(
  kinds: readonly Kind[],
  extra: (kind: Kind, entry: string, values: Values) => Record<string, unknown>,
): string {
  const file: Record<string, unknown> = { purser: VERSION }
  for (const kind of kinds) {
    const section = sectionOf(kind, extra)
    if (section !== null) file[kind.name] = section
  }
  // Texts in quotes, and names that YAML 1.1 takes for something else: so readers of either version see the same.
  const look = { version: "1.1", defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN", lineWidth: 0 } as const
  return `${HEAD}${yaml().stringify(file, look)}`
}

function sectionOf(kind: Kind, extra: Parameters<typeof writeSetup>[1]): unknown {
  const entries = [...kind.present()]
  if (entries.length === 0) return null
  if (kind.shape === "names") return entries.map(([entry]) => entry)
  const shown = entries.map(([entry, values]): [string, Record<string, unknown>] => [
    entry,
    { ...fieldsOf(kind.formOf(entry, {}), values), ...extra(kind, entry, values) },
  ])
  if (kind.shape === "fields") return Object.fromEntries(shown)
  if (kind.shape === "value") return Object.fromEntries(shown.map(([entry, { value }]) => [entry, value]))
  return shown.map(([, fields]) => fields)
}
