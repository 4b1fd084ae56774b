// What an event is: its words, the shape of its data, and an example; code, pages and documents read the same entry.
import { type Static, type TObject, Type as t } from "@sinclair/typebox"

export interface EventKind {
  /** Whose endpoints are told: the app's, which its developer set up, or the person's own. */
  to: "app" | "person"
  /** When it is sent, one sentence. */
  when: string
  /** What else is to know: how often at most, what is left out. */
  note?: string
  /** Nothing of it happens in test mode. */
  liveOnly?: true
  data: TObject
  example: Readonly<Record<string, unknown>>
}

/** When it is sent, and what else is to know: the same on pages and in the documentation. */
export const eventWords = ({ when, note, liveOnly }: Pick<EventKind, "when" | "note" | "liveOnly">): string =>
  [when, note, liveOnly && "Live mode only."].filter(Boolean).join(" ")

/** Declares one and holds its example to its shape by type. */
export const kind = <const To extends "app" | "person", Data extends TObject>(
  given: Omit<EventKind, "to" | "data" | "example"> & { to: To; data: Data; example: Static<Data> },
): Omit<EventKind, "to" | "data"> & { to: To; data: Data } => given

export const text = (description: string) => t.String({ description })
export const maybe = (description: string) => t.Union([t.String(), t.Null()], { description })
export const count = (description: string) => t.Integer({ description, minimum: 0 })
export const oneOf = <const Values extends readonly string[]>(description: string, ...values: Values) =>
  t.Union(
    values.map((value) => t.Literal(value as Values[number])),
    { description },
  )
/** Credits as an exact decimal in text: no float of any language comes between. */
export const credits = (description: string) => t.String({ description, pattern: "^-?\\d+(\\.\\d+)?$" })
export const time = (description: string) => t.String({ description, format: "date-time" })
export const day = (description: string) => t.String({ description, format: "date" })
export const list = (description: string) => t.Array(t.String(), { description })

export const USER = text("`usr_…`: the person, as `sub` of their tokens")
