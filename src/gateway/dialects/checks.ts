// Small checks from which a dialect's table of fields is made. Each names the parameter, as OpenAI does, and carries the
// JSON Schema of what it takes, so that one table checks and documents.
import { type TSchema, Type as t } from "@sinclair/typebox"
import { AppError } from "../../app/index.ts"
import type { Extra } from "./dialect.ts"

/** What stands in the OpenAPI document; never looser in type, bounds or names than the check. */
export interface Documented {
  readonly schema: TSchema
}
/** @throws AppError invalid_request naming `at` */
export type Check = Documented & ((value: unknown, at: string) => void)
export type Json = Record<string, unknown>
type Known = Readonly<Record<string, Documented>>

export const documented = (schema: TSchema, check: (value: unknown, at: string) => void): Check =>
  Object.assign((value: unknown, at: string) => check(value, at), { schema })

export const bad = (param: string, message: string): AppError =>
  new AppError("invalid_request", message, param === "" ? {} : { param })

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const check = (schema: TSchema, holds: (value: unknown) => boolean, words: string): Check =>
  documented(schema, (value, at) => {
    if (!holds(value)) throw bad(at, `\`${at}\` must be ${words}.`)
  })

export const flag = check(t.Boolean(), (value) => typeof value === "boolean", "true or false")
export const text = check(t.String(), (value) => typeof value === "string", "text")
export const object = check(t.Object({}, { additionalProperties: true }), isObject, "an object")
export const list = check(t.Array(t.Unknown()), Array.isArray, "a list")
export const texts = check(
  t.Union([t.String(), t.Array(t.String())]),
  (value) => typeof value === "string" || (Array.isArray(value) && value.every((one) => typeof one === "string")),
  "text or a list of texts",
)
export const number = check(t.Number(), (value) => typeof value === "number" && Number.isFinite(value), "a number")
export const whole = check(t.Integer(), Number.isInteger, "a whole number")
export const numbers = check(
  t.Object({}, { additionalProperties: t.Number() }),
  (value) => isObject(value) && Object.values(value).every((one) => typeof one === "number"),
  "an object of numbers",
)

export const within = (min: number, max: number): Check =>
  check(
    t.Number({ minimum: min, maximum: max }),
    (value) => typeof value === "number" && value >= min && value <= max,
    `a number from ${min} to ${max}`,
  )

export const wholeWithin = (min: number, max: number): Check =>
  check(
    t.Integer({ minimum: min, maximum: max }),
    (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
    `a whole number, ${max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `from ${min} to ${max}`}`,
  )

export const words = (...known: string[]): TSchema => t.Unsafe({ type: "string", enum: known })

export const oneOf = (...known: string[]): Check =>
  check(words(...known), (value) => typeof value === "string" && known.includes(value), known.join(" or "))

/** These members and no others. Null is as good as absent, except where a member must be there. */
export function objectOf(known: Known, required: readonly string[] = [], description?: string): TSchema {
  const properties = Object.entries(known).map(([name, { schema }]): [string, TSchema] => [
    name,
    required.includes(name) ? schema : t.Optional(t.Union([schema, t.Null()])),
  ])
  const options = { additionalProperties: false, ...(description === undefined ? {} : { description }) }
  return t.Object(Object.fromEntries(properties), options)
}

/** An object with these members and no others; those with null or nothing in them are as good as absent. */
export const members = (known: Readonly<Record<string, Check>>): Check =>
  documented(objectOf(known), (value, at) => {
    if (!isObject(value)) throw bad(at, `\`${at}\` must be an object.`)
    for (const [name, member] of Object.entries(value)) {
      if (member === null) continue
      if (!Object.hasOwn(known, name)) throw unknownField(`${at}.${name}`, "Leave it out.")
      known[name]!(member, `${at}.${name}`)
    }
  })

/**
 * In OpenAI's words, which people search for, with what to do next. Names are the caller's, and may be of any length.
 */
function unknownField(param: string, next: string): AppError {
  const name = param.slice(0, 200)
  return bad(name, `Unrecognized request argument supplied: ${name}. ${next}`)
}

/** @throws AppError invalid_request for the first extra that is not allowed */
export function refuseExtras(extras: readonly Extra[], allowed: ReadonlySet<string>): void {
  const first = extras.find(({ name }) => !allowed.has(name))
  if (first) throw unknownField(first.param, "Leave it out, or ask the operator to allow it.")
}
