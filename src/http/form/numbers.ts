// Fields that hold numbers: credits, dollars, percentages, counts, days and dates. Money is read from texts, exactly; no float is.
import { Type as t } from "@sinclair/typebox"
import { group } from "../../../views/ui/format.ts"
import {
  creditsDecimal,
  type Nano,
  nano,
  parseCredits,
  parseUsd,
  usdDecimal,
  withoutTrailing,
} from "../../app/index.ts"
import { type FieldDef, first, lookOf, oneText, type Read, value, type Words, wholeJson, wrong } from "./field.ts"

interface NumberOptions<Optional extends boolean> extends Words {
  /** Empty = null. */
  optional?: Optional
  /** Said of what is no such number. */
  wrong?: string
}

interface Amount<Optional extends boolean> extends NumberOptions<Optional> {
  /** Refused at 0 too. */
  positive?: boolean
}

type Maybe<T, Optional extends boolean> = Optional extends true ? T | null : T

/** Reads a number by `parse`; an empty field is null where that may be, else wrong. */
function read<T, Optional extends boolean>(
  texts: readonly string[],
  options: NumberOptions<Optional> & { positive?: boolean },
  parse: (text: string) => T | null,
  sentence: string,
): Read<Maybe<T, Optional>> {
  const typed = first(texts)
  if (typed === "" && options.optional) return value(null as Maybe<T, Optional>)
  const parsed = typed === "" ? null : parse(typed)
  if (parsed === null || (options.positive && parsed === 0)) return wrong(options.wrong ?? sentence)
  return value(parsed as Maybe<T, Optional>)
}

/** `{"credits":"1.9"}`, `{"nano":"1900000"}` or the text itself. */
function amountText(json: unknown, typed: (amount: Nano) => string): readonly string[] | null {
  if (json === null) return [""]
  if (typeof json === "string") return [json]
  if (typeof json !== "object") return null
  const { credits, nano: exact } = json as { credits?: unknown; nano?: unknown }
  if (typeof credits === "string" && exact === undefined) {
    const sign = credits.startsWith("-") ? "-" : ""
    const amount = parseCredits(credits.slice(sign.length))
    return [amount === null ? credits : `${sign}${typed(amount)}`]
  }
  if (credits !== undefined || typeof exact !== "string") return null
  if (!/^-?\d{1,16}$/.test(exact) || !Number.isSafeInteger(Number(exact))) return null
  return [typed(nano(Number(exact)))]
}

const decimalJson = (label: string) =>
  t.Union(
    [
      t.String({ description: "A decimal, as the page takes it" }),
      t.Object({ credits: t.String({ description: "In credits; 1,000 are $1" }) }),
      t.Object({ nano: t.String({ description: "In billionths of a dollar, a whole number" }) }),
    ],
    { description: label },
  )

/** An amount typed in credits. */
export const credits = <Optional extends boolean = false>(
  options: Amount<Optional>,
): FieldDef<Maybe<Nano, Optional>> => ({
  name: options.name,
  look: lookOf({ suffix: "credits", autocomplete: "off", ...options }, { inputmode: "decimal", maxlength: 40 }),
  read: (texts) =>
    read(
      texts,
      options,
      parseCredits,
      options.optional ? "Give a number of credits, or leave it empty." : "Give a number of credits, such as 500.",
    ),
  write: (amount) => [amount === null ? "" : group(creditsDecimal(amount))],
  typedOf: (json) => amountText(json, creditsDecimal),
  json: decimalJson(options.label),
})

/** An amount that may be below zero: "-12.5", "+3". */
export const signedCredits = (options: Amount<false>): FieldDef<Nano> => ({
  name: options.name,
  look: lookOf({ suffix: "credits", autocomplete: "off", ...options }, { inputmode: "text", maxlength: 40 }),
  read(texts) {
    const signed = (text: string): Nano | null => {
      const [, sign = "", digits = ""] = /^([+\-\u2212]?)\s*(.*)$/.exec(text) ?? []
      const size = parseCredits(digits)
      return size === null || sign === "" || sign === "+" ? size : nano(-size)
    }
    return read(texts, options, signed, "Give a number of credits, such as 250 or -12.5.")
  },
  write: (amount) => [group(creditsDecimal(amount))],
  typedOf: (json) => amountText(json, creditsDecimal),
  json: decimalJson(options.label),
})

/** An amount typed in US dollars. */
export const dollars = <Optional extends boolean = false>(
  options: Amount<Optional>,
): FieldDef<Maybe<Nano, Optional>> => ({
  name: options.name,
  look: lookOf({ prefix: "$", autocomplete: "off", ...options }, { inputmode: "decimal", maxlength: 40 }),
  read: (texts) => read(texts, options, parseUsd, "Give an amount in dollars, such as 9.99."),
  write: (amount) => [amount === null ? "" : group(usdDecimal(amount))],
  typedOf: (json) => amountText(json, usdDecimal),
  json: decimalJson(options.label),
})

/** "2.5" → 250 basis points; at most two places. */
function basisPoints(text: string): number | null {
  const match = /^(\d{1,4})(?:\.(\d{1,2}))?\s*%?$/.exec(text)
  return match ? Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0")) : null
}

/** Exactly, without a float: 250 → "2.5". */
export const percentText = (bp: number): string => {
  const rest = withoutTrailing(String(bp % 100).padStart(2, "0"), "0")
  return rest === "" ? String(Math.trunc(bp / 100)) : `${Math.trunc(bp / 100)}.${rest}`
}

/** A percentage, as basis points. */
export const percent = <Optional extends boolean = false>(
  options: NumberOptions<Optional>,
): FieldDef<Maybe<number, Optional>> => ({
  name: options.name,
  look: lookOf({ suffix: "%", autocomplete: "off", ...options }, { inputmode: "decimal", maxlength: 10 }),
  read: (texts) => read(texts, options, basisPoints, "Give a percentage, such as 10 or 2.5."),
  write: (bp) => [bp === null ? "" : percentText(bp)],
  typedOf: oneText,
  json: t.String({ description: options.label }),
})

interface CountOptions<Optional extends boolean> extends NumberOptions<Optional> {
  min?: number
  max?: number
}

/** "128,000", with or without its marks between thousands; null for anything else. */
function wholeOf(text: string): number | null {
  const digits = /^\d{1,3}([,_\s]\d{3})+$/.test(text) ? text.replaceAll(/\D/g, "") : text
  return /^\d{1,9}$/.test(digits) ? Number(digits) : null
}

/** A whole number. */
export const count = <Optional extends boolean = false>(
  options: CountOptions<Optional>,
): FieldDef<Maybe<number, Optional>> => ({
  name: options.name,
  look: lookOf({ autocomplete: "off", ...options }, { inputmode: "numeric", maxlength: 12 }),
  read(texts) {
    const { min = 0, max = 999_999_999 } = options
    const parse = (text: string): number | null => {
      const whole = wholeOf(text)
      return whole !== null && whole >= min && whole <= max ? whole : null
    }
    return read(texts, options, parse, "Give a whole number.")
  },
  write: (whole) => [whole === null ? "" : group(String(whole))],
  typedOf: oneText,
  json: wholeJson({
    description: options.label,
    minimum: options.min ?? 0,
    ...(options.max === undefined ? {} : { maximum: options.max }),
  }),
})

export const days = <Optional extends boolean = false>(
  options: CountOptions<Optional>,
): FieldDef<Maybe<number, Optional>> => count({ suffix: "days", wrong: "Give a whole number of days.", ...options })

const DATE = /^\d{4}-\d{2}-\d{2}$/

/** A day of the books (UTC), as the milliseconds of its beginning. */
export const date = <Optional extends boolean = false>(
  options: NumberOptions<Optional>,
): FieldDef<Maybe<number, Optional>> => ({
  name: options.name,
  look: lookOf(options, { type: "date" }),
  read(texts) {
    const parse = (text: string): number | null => {
      const ms = DATE.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
      // 2026-02-30 is read as the second of March by some engines: a day must be what it was typed as.
      return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text ? null : ms
    }
    return read(texts, options, parse, "Choose a day, such as 2026-11-30.")
  },
  write: (ms) => [ms === null ? "" : new Date(ms).toISOString().slice(0, 10)],
  typedOf: (json) => (typeof json === "string" ? [json] : json === null ? [""] : null),
  json: t.String({ format: "date", description: options.label }),
})
