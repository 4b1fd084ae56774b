// The query of the app API: every value from what is allowed, else it is refused by name.
import { AppError } from "../../../app/index.ts"

export const wrong = (param: string, what: string): AppError =>
  new AppError("invalid_request", `\`${param}\` ${what}.`, { param })

/** Each known name once; another one is refused, so that a misspelt filter is never taken for none. @throws AppError invalid_request */
export function readQuery<Name extends string>(
  params: URLSearchParams,
  names: readonly Name[],
): Partial<Record<Name, string>> {
  const found: Partial<Record<Name, string>> = {}
  for (const [name, value] of params) {
    const known = names.find((one) => one === name)
    if (known === undefined) throw wrong(name.slice(0, 100), `is no parameter here. There are: ${names.join(", ")}`)
    if (found[known] !== undefined) throw wrong(known, "may be given once")
    if (value.length > QUERY_CHARS_MAX) throw wrong(known, "is too long")
    found[known] = value
  }
  return found
}

/** No id, cursor, name of a model or word to search for is longer. */
const QUERY_CHARS_MAX = 500

/** @throws AppError invalid_request */
export function wholeNumber(name: string, text: string | undefined, fallback: number, most: number): number {
  if (text === undefined) return fallback
  const number = /^\d{1,6}$/.test(text) ? Number(text) : 0
  if (number < 1 || number > most) throw wrong(name, `must be a whole number from 1 to ${most}`)
  return number
}

const DAY = /^\d{4}-\d\d-\d\d$/
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i

/** A UTC day's first moment, or a moment. `Date` reads much more, and 30 February as a day of March. @throws AppError invalid_request */
export function momentOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const ms = DAY.test(text) || MOMENT.test(text) ? Date.parse(text) : Number.NaN
  const isDay = !DAY.test(text) || (Number.isFinite(ms) && new Date(ms).toISOString().startsWith(text))
  if (!Number.isFinite(ms) || !isDay) throw wrong(name, "must be a day such as 2026-11-26, or a moment in RFC 3339")
  return ms
}
