// A chart in words: for those who do not see it, and for the place that is pointed at. Pure.
import { dateText } from "../format.ts"
import { known, type Prepared } from "./prepare.ts"
import type { Value } from "./scale.ts"

/** A line each: what it is about, then "App: 86 credits", or the value alone where there is one series. js/chart.js reads it. */
export const pointWords = (head: string, rows: readonly { label?: string | undefined; text: string }[]): string =>
  [
    head,
    ...rows.map(({ label, text }) => (label === undefined ? text : `${label.replace(/\s+/g, " ")}: ${text}`)),
  ].join("\n")

/** "20 Nov 2026 (UTC)", and what each series has on it; several that add up have their sum. */
export function dayWords({ series, unit, days, shown }: Prepared, index: number, withSum: boolean): string {
  const on = shown.map((row) => row[index] ?? null)
  const text = (value: Value): string => (value === null ? "no data" : unit.text(value))
  const rows = on.map((value, at) => ({
    label: series.length === 1 ? undefined : (series[at]?.label ?? ""),
    text: text(value),
  }))
  const sum = known([on]).reduce((total, value) => total + value, 0)
  if (withSum && series.length > 1) rows.push({ label: "Together", text: text(sum) })
  return pointWords(`${dateText(days[index] ?? 0)} (UTC)`, rows)
}

/** The chart in two sentences, for those who do not see it. */
export function describe({ days, series, unit, shown }: Prepared): string {
  const first = days[0]
  const last = days.at(-1)
  if (first === undefined || last === undefined) return "No days to show."
  const span = days.length === 1 ? dateText(first) : `${days.length} days, ${dateText(first)} to ${dateText(last)}`
  const tops = series.map(({ label }, at) => {
    const row = shown[at] ?? []
    let best = -1
    row.forEach((value, index) => {
      if (value !== null && value > (row[best] ?? Number.NEGATIVE_INFINITY)) best = index
    })
    const words = best < 0 ? "no data" : `most ${unit.text(row[best] ?? 0)} on ${dateText(days[best] ?? first)}`
    return series.length === 1 ? words : `${label}: ${words}`
  })
  return `${span}; ${tops.join("; ")}. The table below has every day.`
}

/** What is said beside a single value, which makes no line. */
export function singleWords({ days, unit, shown }: Prepared, index: number): string {
  const value = unit.text(shown[0]?.[index] ?? 0)
  const date = dateText(days[index] ?? 0)
  return days.length === 1 ? `One day so far: ${date}, ${value}.` : `All of it on one day: ${date}, ${value}.`
}
