// What a chart over days is made of, before anything is drawn: no days before the beginning, values that can be drawn, figures that add
// up. Pure.
import { dateText } from "../format.ts"
import { apportion } from "../together.ts"
import { clean, type Value } from "./scale.ts"
import type { Unit } from "./unit.ts"

export interface Series {
  label: string
  /** One per day; null = nothing is known of that day. */
  values: readonly Value[]
}

/** Before it there was nothing to count. */
export interface Begin {
  /** Any moment of the first UTC day. */
  ms: number
  /** What began, as the words before the day: "Your account began on". */
  words: string
}

export interface DaysChartProps {
  /** Unique on the page; names of parts begin with it. */
  id: string
  title: string
  unit: Unit
  /** Any moment of each UTC day, oldest first. */
  days: readonly number[]
  series: readonly Series[]
  /** The chart starts on that day, and says so, when the days given go further back. */
  begins?: Begin | undefined
  /** The moment now: a last day that is not over yet is drawn as such. */
  now?: number | undefined
}

export interface Prepared extends DaysChartProps {
  /** As long as the days. */
  values: readonly (readonly Value[])[]
  /** The same as they are written: to a common precision, parts adding up. */
  shown: readonly (readonly Value[])[]
  /** Sentences that belong to the chart. */
  notes: readonly string[]
}

const DAY = 86_400_000
const dayOf = (ms: number): number => Math.floor(ms / DAY)

/** What adds up: the days of one series, the series of one day, or nothing (levels). */
export type Adds = "days" | "series" | "none"

/** @param most series beyond it are left out */
export function prepare(props: DaysChartProps, most: number, adds: Adds): Prepared {
  const series = props.series.slice(0, most)
  const first = firstShown(props, series)
  const days = props.days.slice(first)
  const values = series.map((one) => days.map((_, index) => clean(one.values[first + index])))
  const unit = props.unit.together?.(known(values)) ?? props.unit
  const notes = first > 0 && props.begins ? [`${props.begins.words} ${dateText(days[0] ?? props.begins.ms)}.`] : []
  return { ...props, unit, days, series, values, shown: shownOf(values, unit, adds), notes }
}

export const known = (rows: readonly (readonly Value[])[]): number[] => rows.flat().filter((value) => value !== null)

/** Never later than the first value there is: nothing is hidden. */
function firstShown({ days, begins }: DaysChartProps, series: readonly Series[]): number {
  if (!begins) return 0
  const begin = days.findIndex((day) => dayOf(day) >= dayOf(begins.ms))
  const from = begin < 0 ? days.length - 1 : begin
  const value = days.findIndex((_, index) => series.some((one) => clean(one.values[index])))
  return Math.max(0, value < 0 ? from : Math.min(from, value))
}

function shownOf(values: readonly Value[][], unit: Unit, adds: Adds): Value[][] {
  if (!unit.step || adds === "none") return values.map((row) => [...row])
  if (adds === "days") return values.map((row) => whole(row, unit))
  const days = (values[0] ?? []).map((_, index) =>
    whole(
      values.map((row) => row[index] ?? null),
      unit,
    ),
  )
  return values.map((_, at) => days.map((day) => day[at] ?? null))
}

/** Missing ones stay missing. */
function whole(row: readonly Value[], { step = 1, way }: Unit): Value[] {
  const parts = apportion(
    row.filter((value) => value !== null),
    step,
    way,
  )
  return row.map((value) => (value === null ? null : (parts.shift() ?? 0)))
}

/** Where the only value is that is not nothing; -1 when there are none, or several. */
export function onlyOne(row: readonly Value[]): number {
  const places = row.flatMap((value, index) => (value ? [index] : []))
  return places.length === 1 ? places[0]! : -1
}

/** Whether the last day has more to come. */
export const isOpen = ({ days, now }: Pick<DaysChartProps, "days" | "now">): boolean =>
  now !== undefined && days.length > 1 && dayOf(days.at(-1)!) === dayOf(now)
