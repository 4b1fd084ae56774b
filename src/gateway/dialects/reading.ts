// What is gathered while the fields of a request are checked.
import type { TSchema } from "@sinclair/typebox"
import type { AskedGroup } from "../rounds/types.ts"
import type { Check, Documented, Json } from "./checks.ts"
import type { Extra } from "./dialect.ts"
import type { PromptSize } from "./prompt-size.ts"

export interface Reading {
  readonly size: PromptSize
  readonly extras: Extra[]
  /** Groups of tools that run here; absent where none do. */
  readonly groups?: AskedGroup[]
}

/** @throws AppError invalid_request naming `at` */
export type FieldCheck = Documented & Read
type Read = (value: unknown, at: string, reading: Reading) => void

export const field = (schema: TSchema, read: Read): FieldCheck =>
  Object.assign((value: unknown, at: string, reading: Reading) => read(value, at, reading), { schema })

/** The same check, with words in the document. */
export const told = (description: string, check: FieldCheck): FieldCheck =>
  field({ ...check.schema, description }, check)

/** Checked, and counted as prompt. */
export const counted = (check: Check): FieldCheck =>
  field(check.schema, (value, at, { size }) => {
    check(value, at)
    size.text(value)
  })

/** Each member by its rule; members nobody knows are extras, and count as prompt. Null is as good as absent. */
export function readMembers(
  known: Readonly<Record<string, FieldCheck>>,
  value: Json,
  at: string,
  name: string,
  reading: Reading,
): void {
  for (const [member, inside] of Object.entries(value)) {
    if (inside === null) continue
    const param = `${at}.${member}`
    if (Object.hasOwn(known, member)) known[member]!(inside, param, reading)
    else {
      reading.extras.push({ name: `${name}.${member}`, param })
      reading.size.text({ [member]: inside })
    }
  }
}
