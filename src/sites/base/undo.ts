// The way back from an act, and the new value in words. An undo is the ordinary form with the values from before: nothing can be done
// with it that the form does not allow, its checks and its audit row are the form's, and where the thing carries a version, a change
// that somebody made in between is not overwritten.
//
// Given wherever the form brings back exactly what was. Never for:
// - money (bonus, adjustments, corrections, daily claims, a plan that begins at once): what was posted stays posted, and is corrected;
// - deletions, revoked apps and secrets, new passwords, sessions that were signed out: they cut what was alive, and nothing old revives.
//   Suspension has one all the same: reinstating is its inverse, only signing in again is left to the person;
// - secrets, and addresses that go with them: what was there before is not known to us any more, or was proved by a code;
// - the theme: its three buttons are in sight.
import type { Undo } from "../../../views/layout/index.ts"
import { LIMITS } from "../../app/index.ts"
import type { FieldDef, Fields, FormDef, ValuesOf } from "../../http/index.ts"

type Way = Omit<Undo, "for">

/** @param more fields beside, by name in HTML: the reason, the version that the act has just made */
export function undoTo<F extends Fields>(
  action: string,
  form: FormDef<F>,
  before: Partial<ValuesOf<F>>,
  more: Readonly<Record<string, string>> = {},
): Way {
  const fields: Record<string, readonly string[]> = { ...form.typedOf(before) }
  // What every app has, such as the scope openid, is no box of the form, and would be refused as one.
  for (const [key, { look }] of Object.entries<FieldDef<unknown>>(form.fields)) {
    const name = form.nameOf(key)
    if (look.control === "boxes" && fields[name]) fields[name] = fields[name].filter((text) => isOption(look, text))
  }
  for (const [name, text] of Object.entries(more)) fields[name] = [text]
  return { action, fields }
}

/** A button that does the opposite. */
export const undoBy = (action: string, reason?: string): Way => ({
  action,
  fields: reason === undefined ? {} : { reason: [reason] },
})

/** The reason of an undo. */
export const undoing = (reason: string): string => `Undone: ${reason}`.slice(0, LIMITS.reasonCharsMax)

const SHOWN_MAX = 3

const isOption = ({ options }: FieldDef<unknown>["look"], text: string): boolean =>
  options?.some(({ value }) => value === text) ?? true

/** A value as a sentence has it: "$29.99", "30 days", "yes". */
export function spokenIn(field: FieldDef<unknown>, value: unknown): string {
  const { look } = field
  const isSaid = (text: string) => text !== "" && (look.control !== "boxes" || isOption(look, text))
  const texts = field.write(value).filter(isSaid)
  if (look.control === "box") return texts.length > 0 ? "yes" : "no"
  if (texts.length === 0) return "not set"
  const words = texts.map((text) => look.options?.find((option) => option.value === text)?.label ?? text)
  // What follows the sign is said by the label.
  const suffix = look.suffix?.startsWith("%") ? "%" : look.suffix ? ` ${look.suffix}` : ""
  return `${look.prefix ?? ""}${words.join(", ").replaceAll("\n", ", ")}${suffix}`
}

/** What is different now, in the words of the form: "price a month $29.99, monthly credits 25,000 credits". "" when nothing is. */
export function newValues<F extends Fields>(
  form: FormDef<F>,
  before: Partial<ValuesOf<F>>,
  after: Partial<ValuesOf<F>>,
): string {
  const [was, is] = [form.typedOf(before), form.typedOf(after)]
  const changed = Object.entries<FieldDef<unknown>>(form.fields).filter(([key, field]) => {
    const name = form.nameOf(key)
    const isSeen = !field.secret && !field.version && field.look.control !== "hidden"
    return isSeen && is[name] && was[name] && is[name].join("\n") !== was[name].join("\n")
  })
  const words = changed.map(([key, field]) => `${lowered(field.look.label)} ${spokenIn(field, after[key])}`)
  const rest = words.length - SHOWN_MAX
  return [...words.slice(0, SHOWN_MAX), ...(rest > 0 ? [`${rest} more`] : [])].join(", ")
}

/** "URI" stays as it is. */
const lowered = (label: string): string =>
  /^[A-Z][a-z’ ]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label
