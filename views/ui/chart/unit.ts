// What a chart's numbers mean: how they read on an axis, in words and exactly. Charts know no money and no words of their own.
import { type Nano, withoutTrailing } from "../../../src/app/units.ts"
import { count, creditsExact, creditsNumber, creditsText, creditsUsed, group, nanoExact, usdText } from "../format.ts"
import {
  apportion,
  creditPlaces,
  creditStep,
  creditsAt,
  creditsTextAt,
  usdAt,
  usdPlaces,
  usdStep,
  type Way,
} from "../together.ts"

export interface Unit {
  /** Head of the table's columns: "Credits". */
  name: string
  /** Axis labels are given in this many of the value: 1,000,000 for n$ shown as credits. */
  per: number
  /** Before the axis label: "$". */
  sign?: string | undefined
  /** The smallest top of an axis, in axis units, so that an empty chart still has one. */
  least: number
  /** There are no parts of it. */
  whole?: boolean | undefined
  /** As in a sentence: "1,240 credits". */
  text(value: number): string
  /** In a column that names the unit. */
  cell(value: number): string
  /** With every digit, for titles. */
  exact(value: number): string
  /** The same unit at the precision that these values share. */
  together?: ((values: readonly number[]) => Unit) | undefined
  /** Of a shared precision: what its last decimal is worth. Parts are made whole steps that add up. */
  step?: number | undefined
  /** Which way their sum is rounded to it; default to the nearest. */
  way?: Way | undefined
}

/** n$ as credits, for people. */
export const CREDITS: Unit = {
  name: "Credits",
  per: 1_000_000,
  least: 1,
  text: (value) => creditsText(creditsUsed(value as Nano)),
  cell: (value) => creditsNumber(creditsUsed(value as Nano)),
  exact: (value) => creditsExact(value as Nano),
  together: (values) => creditsWith(creditPlaces(values as Nano[])),
}

/** Credits with so many decimals everywhere. */
export const creditsWith = (places: number, way: Way = "near"): Unit => ({
  ...CREDITS,
  step: creditStep(places),
  way,
  text: (value) => creditsTextAt(value as Nano, places),
  cell: (value) => creditsAt(value as Nano, places),
  together: undefined,
})

/** n$ as dollars, for developers and admins. */
export const USD: Unit = {
  name: "US dollars",
  per: 1_000_000_000,
  sign: "$",
  least: 0.01,
  text: (value) => usdText(value as Nano),
  cell: (value) => usdText(value as Nano),
  exact: (value) => nanoExact(value as Nano),
  together(values) {
    const places = usdPlaces(values as Nano[])
    const text = (value: number): string => usdAt(value as Nano, places)
    return { ...USD, step: usdStep(places), text, cell: text, together: undefined }
  },
}

/** A column as a chart of the same parts writes it: at one precision, adding up to the sum. */
export function cellsOf(values: readonly number[], given: Unit): string[] {
  const unit = given.together?.(values) ?? given
  const shown = unit.step ? apportion(values, unit.step, unit.way) : values
  // What became nothing is something still.
  return values.map((value, index) => unit.cell(shown[index] || value))
}

/** Whole numbers of something: `counted("Calls", "call", "calls")`. */
export const counted = (name: string, one: string, many: string): Unit => {
  const text = (value: number): string => `${count(value)} ${value === 1 ? one : many}`
  return { name, per: 1, least: 4, whole: true, text, cell: count, exact: text }
}

const STEPS: readonly (readonly [number, string])[] = [
  [1e12, "T"],
  [1e9, "B"],
  [1e6, "M"],
  [1e4, "k"],
]

/**
 * A round number as short as it can be without lying: 0.05, 1,240, 25k, 1.5M. `step` is the distance between two labels: it says
 * how many places are needed to tell them apart.
 */
export function axisText(value: number, step: number, sign = ""): string {
  const size = Math.abs(value)
  const minus = value < 0 ? "\u2212" : ""
  const [by, letter] = STEPS.find(([from]) => size >= from) ?? [1, ""]
  const divisor = letter === "k" ? 1_000 : by
  const places = Math.min(12, Math.max(0, Math.ceil(-Math.log10(step / divisor) - 1e-9)))
  // Money with cents has them in every label: $0.05, $0.10.
  if (sign && !letter && places > 0 && size > 0) return `${minus}${sign}${group(size.toFixed(Math.max(2, places)))}`
  const digits = (size / divisor).toFixed(places)
  const trimmed = digits.includes(".") ? withoutTrailing(withoutTrailing(digits, "0"), ".") : digits
  return `${minus}${sign}${group(trimmed)}${letter}`
}
