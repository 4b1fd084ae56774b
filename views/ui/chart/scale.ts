// From numbers to places, with d3-scale. Pure: takes any numbers, also none, huge, tiny and broken ones, and never gives back NaN.
import { scaleLinear } from "d3-scale"
import { axisText, type Unit } from "./unit.ts"

/** A value, or nothing known for this place. */
export type Value = number | null

/** Beyond this a number is no figure of ours; kept so that sums and ranges stay finite. */
const MOST = Number.MAX_SAFE_INTEGER
const LEAST = 1e-9
/** In axis units: half of the smallest amount of money there is, in dollars. */
const FLAT = 5e-10

/** Not finite is missing; too large is cut; too small to be seen is nothing. */
export function clean(value: Value | undefined): Value {
  if (value === null || value === undefined || !Number.isFinite(value)) return null
  if (Math.abs(value) < LEAST) return 0
  return Math.max(-MOST, Math.min(MOST, value))
}

export interface Tick {
  /** px from the top of the plot. */
  y: number
  text: string
}

export interface ValueScale {
  /** px from the top of the plot. */
  y(value: number): number
  /** Where nothing is. */
  zero: number
  ticks: readonly Tick[]
}

/** A scale that always holds zero, ends on round numbers and has three to six labels. */
export function valueScale(values: readonly number[], unit: Unit, height: number): ValueScale {
  let low = 0
  let high = 0
  for (const value of values) {
    low = Math.min(low, value / unit.per)
    high = Math.max(high, value / unit.per)
  }
  // A line that is flat at nothing stands on its axis, and there are no halves of whole things.
  if (high - low < FLAT || (unit.whole && high - low < unit.least)) high = unit.least + low
  const scale = scaleLinear().domain([low, high]).nice(4).range([height, 0])
  const marks = scale.ticks(4)
  const step = marks.length > 1 ? marks[1]! - marks[0]! : unit.least
  const y = (value: number): number => Math.min(height, Math.max(0, scale(value / unit.per)))
  return {
    y,
    zero: y(0),
    ticks: marks.map((mark) => ({ y: round(scale(mark)), text: axisText(mark, step, unit.sign) })),
  }
}

/** Two decimals are a hundredth of a pixel. */
export const round = (value: number): number => Math.round(value * 100) / 100

/** As SVG wants a part of the width: "12.5%". */
export const percent = (part: number): string => `${round(part * 100)}%`
