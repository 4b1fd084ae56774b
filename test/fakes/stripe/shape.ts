// What a request may say: an allow-list by name and kind, refused in Stripe's words.
import { invalid } from "./fault.ts"
import type { Sent } from "./form.ts"

export interface Shape<T> {
  read(value: Sent, path: string): T
}
export type Read<S> = S extends Shape<infer T> ? T : never

const unreadable = (path: string, what: string) => invalid(`Invalid ${what}: ${path}`, path)

export const text: Shape<string> = {
  read(value, path) {
    if (typeof value !== "string") throw unreadable(path, "string")
    return value
  },
}
export const whole: Shape<number> = {
  read(value, path) {
    if (typeof value !== "string" || !/^-?\d{1,15}$/.test(value)) throw unreadable(path, "integer")
    return Number(value)
  },
}
export const flag: Shape<boolean> = {
  read(value, path) {
    if (value !== "true" && value !== "false") throw unreadable(path, "boolean")
    return value === "true"
  },
}
export const oneOf = <T extends string>(...allowed: readonly T[]): Shape<T> => ({
  read(value, path) {
    if (allowed.includes(value as T)) return value as T
    throw invalid(`Invalid ${path}: must be one of ${allowed.join(", ")}`, path)
  },
})
/** A moment, or the word `now`. */
export const moment: Shape<number | "now"> = {
  read: (value, path) => (value === "now" ? "now" : whole.read(value, path)),
}
/** Names of one's own; an empty value takes a name away. */
export const metadata: Shape<Record<string, string>> = {
  read(value, path) {
    if (value === "") return {}
    if (typeof value !== "object" || Array.isArray(value)) throw unreadable(path, "hash")
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, text.read(one, `${path}[${name}]`)]))
  },
}
export const list = <T>(of: Shape<T>): Shape<T[]> => ({
  read(value, path) {
    if (value === "") return []
    if (!Array.isArray(value)) throw unreadable(path, "array")
    return value.map((one, at) => of.read(one, `${path}[${at}]`))
  },
})
/** What is not looked into. */
export const whatever: Shape<unknown> = { read: (value) => value }
/** An empty value unsets it. */
export const orNone = <T>(of: Shape<T>): Shape<T | null> => ({
  read: (value, path) => (value === "" ? null : of.read(value, path)),
})

type Fields = Record<string, Shape<unknown>>
type Optional<F extends Fields> = { [Name in keyof F]?: Read<F[Name]> }
type Required<F extends Fields> = { [Name in keyof F]: Read<F[Name]> }

/** @param must names that have to be there */
export function fields<M extends Fields, F extends Fields = Record<never, never>>(
  must: M,
  may: F = {} as F,
): Shape<Required<M> & Optional<F>> {
  return {
    read(value, path) {
      if (typeof value !== "object" || Array.isArray(value)) throw unreadable(path, "hash")
      const at = (name: string) => (path ? `${path}[${name}]` : name)
      const found: Record<string, unknown> = {}
      for (const [name, one] of Object.entries(value)) {
        const shape = must[name] ?? may[name]
        if (!shape) throw invalid(`Received unknown parameter: ${at(name)}`, at(name), "parameter_unknown")
        found[name] = shape.read(one, at(name))
      }
      for (const name of Object.keys(must))
        if (!(name in found)) throw invalid(`Missing required param: ${at(name)}.`, at(name), "parameter_missing")
      return found as Required<M> & Optional<F>
    },
  }
}
