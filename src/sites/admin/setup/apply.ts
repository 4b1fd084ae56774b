// Applying a set-up file: each entry is read by the form that its page has, and made so by the verb behind that form; all in one write, so
// that a file that is refused anywhere changes nothing.
import { AppError } from "../../../app/index.ts"
import type { FormDef, TypedForm } from "../../../http/index.ts"
import type { Tx } from "../../../store/index.ts"
import { givenTexts } from "./document.ts"
import type { FieldChange, Kind, SetupChange, Values, Wanted } from "./types.ts"

/** Objections that are told at once. */
const PROBLEMS_MAX = 50
/** Characters of a value in the list of what differs. */
const SHOWN_MAX = 160

/** @throws AppError validation_failed with all that is wrong */
export function applyIn(tx: Tx, wanted: ReadonlyMap<Kind, Wanted[]>): SetupChange[] {
  const problems: string[] = []
  const changes: SetupChange[] = []
  for (const [kind, entries] of wanted) {
    const present = kind.present()
    for (const { entry, given } of entries) {
      const id = kind.idOf?.(entry) ?? entry
      const one = { kind, entry: id, before: present.get(id) ?? null }
      try {
        const change = given === null ? removedIn(tx, one) : savedIn(tx, one, given)
        if (change) changes.push(change)
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        problems.push(...objections(one, error))
      }
    }
  }
  if (problems.length > 0) throw refusal(problems)
  return changes
}

interface One {
  kind: Kind
  entry: string
  before: Values | null
}

function removedIn(tx: Tx, { kind, entry, before }: One): SetupChange | null {
  if (!kind.removeIn)
    throw new AppError("validation_failed", "It cannot be taken away by a file. Turn it off, or leave it out.")
  if (before === null) return null
  kind.removeIn(tx, entry)
  return { kind: kind.name, entry, act: "removed", fields: [] }
}

function savedIn(tx: Tx, one: One, given: Readonly<Record<string, unknown>>): SetupChange | null {
  const { kind, entry, before } = one
  const form = kind.formOf(entry, given)
  if (before === null && kind.fresh === undefined) throw new AppError("not_found", "There is none of this name.")
  const { typed, errors } = form.fromJson(givenTexts(form, given))
  const { values, errors: wrong } = form.parse(typed, before ?? kind.fresh, errors)
  if (values === null) throw new AppError("validation_failed", "Check the fields.", { formErrors: wrong })
  const fields = differences(one, form, values)
  if (before !== null && fields.length === 0) return null
  try {
    kind.saveIn(tx, entry, values, before)
  } catch (error) {
    if (error instanceof AppError && error.extra.formErrors)
      throw new AppError(error.code, error.message, { formErrors: form.named(error.extra.formErrors) })
    throw error
  }
  return { kind: kind.name, entry, act: before === null ? "added" : "changed", fields }
}

function differences({ kind, entry, before }: One, form: FormDef<Values>, values: Values): FieldChange[] {
  const now = before === null ? {} : form.typedOf(before)
  const then: TypedForm = form.typedOf(values)
  const found: FieldChange[] = []
  for (const [key, field] of Object.entries(form.fields) as [string, { secret?: boolean }][]) {
    const name = form.nameOf(key)
    if (field.secret) {
      const secret = values[key]
      if (secret && (kind.isNewSecret?.(entry, secret) ?? true))
        found.push({ field: name, before: null, after: "a new one" })
    } else if (then[name] !== undefined && JSON.stringify(now[name]) !== JSON.stringify(then[name])) {
      found.push({ field: name, before: before === null ? null : shown(now[name]), after: shown(then[name]) })
    }
  }
  return found
}

function shown(texts: readonly string[] = []): string {
  const text = texts.join(", ").replaceAll("\n", ", ")
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text
}

function objections({ kind, entry }: One, error: AppError): string[] {
  const at = kind.shape === "names" || entry === "" ? kind.name : `${kind.name}: ${entry}`
  const { formErrors } = error.extra
  if (!formErrors || Object.keys(formErrors).length === 0) return [`${at}: ${error.message}`]
  return Object.entries(formErrors).map(([field, words]) =>
    field === "value" || field === "form" ? `${at}: ${words}` : `${at}: ${field}: ${words}`,
  )
}

function refusal(problems: readonly string[]): AppError {
  const told = problems.slice(0, PROBLEMS_MAX).map((line) => line.slice(0, 400))
  if (problems.length > told.length) told.push(`and ${problems.length - told.length} more`)
  const words = `The file was refused, and nothing was changed.\n${told.map((line) => `- ${line}`).join("\n")}`
  return new AppError("validation_failed", words, { formErrors: { file: words } })
}
