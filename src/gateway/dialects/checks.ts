// Small checks from which a dialect's table of fields is made. Each names the parameter, as OpenAI does.
import { AppError } from "../../app/index.ts"
import type { Extra } from "./dialect.ts"

/** @throws AppError invalid_request naming `at` */
export type Check = (value: unknown, at: string) => void
export type Json = Record<string, unknown>

export const bad = (param: string, message: string): AppError =>
  new AppError("invalid_request", message, param === "" ? {} : { param })

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const check =
  (holds: (value: unknown) => boolean, words: string): Check =>
  (value, at) => {
    if (!holds(value)) throw bad(at, `\`${at}\` must be ${words}.`)
  }

export const flag: Check = check((value) => typeof value === "boolean", "true or false")
export const text: Check = check((value) => typeof value === "string", "text")
export const object: Check = check(isObject, "an object")
export const list: Check = check(Array.isArray, "a list")
export const texts: Check = check(
  (value) => typeof value === "string" || (Array.isArray(value) && value.every((one) => typeof one === "string")),
  "text or a list of texts",
)
export const number: Check = check((value) => typeof value === "number" && Number.isFinite(value), "a number")
export const whole: Check = check(Number.isInteger, "a whole number")
export const numbers: Check = check(
  (value) => isObject(value) && Object.values(value).every((one) => typeof one === "number"),
  "an object of numbers",
)

export const within = (min: number, max: number): Check =>
  check((value) => typeof value === "number" && value >= min && value <= max, `a number from ${min} to ${max}`)

export const wholeWithin = (min: number, max: number): Check =>
  check(
    (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
    `a whole number, ${max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `from ${min} to ${max}`}`,
  )

export const oneOf = (...words: string[]): Check =>
  check((value) => typeof value === "string" && words.includes(value), words.join(" or "))

/** An object with these members and no others; those with null or nothing in them are as good as absent. */
export const members =
  (known: Readonly<Record<string, Check>>): Check =>
  (value, at) => {
    if (!isObject(value)) throw bad(at, `\`${at}\` must be an object.`)
    for (const [name, member] of Object.entries(value)) {
      if (member === null) continue
      if (!Object.hasOwn(known, name)) throw unknownField(`${at}.${name}`, "Leave it out.")
      known[name]!(member, `${at}.${name}`)
    }
  }

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
