// What every chart over days shares: axes whose labels never touch, names for readers, places to hover, the data behind "Show as
// table". The plot is one SVG of fixed height and full width, so text keeps its size at every width and nothing is inline.
import type { Children } from "@kitajs/html"
import { dateText, dayText } from "../format.ts"
import { Table } from "../table.tsx"
import { axisLabels, textWidth } from "./labels.ts"
import { Swatch } from "./patterns.tsx"
import { clean, percent, type Value, type ValueScale } from "./scale.ts"
import type { Unit } from "./unit.ts"

export interface Series {
  label: string
  /** One per day; null = nothing is known of that day. */
  values: readonly Value[]
}

export interface DaysChartProps {
  /** Unique on the page; names of parts begin with it. */
  id: string
  title: string
  unit: Unit
  /** Any moment of each UTC day, oldest first. */
  days: readonly number[]
  series: readonly Series[]
}

/** px of the plot itself, and of the room above it and for the labels below. */
export const HEIGHT = 168
const ABOVE = 8
const BELOW = 24

/** Series as long as the days, every value one that can be drawn. */
export const cleaned = (props: DaysChartProps): Value[][] =>
  props.series.map(({ values }) => props.days.map((_, index) => clean(values[index])))

export interface DaysFrameProps extends DaysChartProps {
  scale: ValueScale
  /** Paths in the stretched box. */
  children?: Children
  /** Marks placed by percent, above the paths. */
  marks?: Children
  /** Key of several series; charts of lines have their own. */
  legend?: Children
}

export function DaysFrame(props: DaysFrameProps): JSX.Element {
  const { id, title, scale, days } = props
  const values = cleaned(props)
  const yWidth = Math.ceil(Math.max(...scale.ticks.map(({ text }) => textWidth(text)), 0))
  return (
    <figure class="chart" id={id}>
      {props.legend ?? null}
      <div class="plot">
        <svg class="axis" width={yWidth} height={HEIGHT + ABOVE + BELOW} aria-hidden="true">
          {scale.ticks.map((tick) => (
            <text x={yWidth} y={tick.y + ABOVE} dy=".35em" text-anchor="end" safe>
              {tick.text}
            </text>
          ))}
        </svg>
        <svg width="100%" height={HEIGHT + ABOVE + BELOW} role="img" aria-labelledby={`${id}-t ${id}-d`}>
          <title id={`${id}-t`} safe>
            {title}
          </title>
          <desc id={`${id}-d`} safe>
            {describe(props, values)}
          </desc>
          {scale.ticks.map((tick) => (
            <rect class="rule" y={Math.round(tick.y) + ABOVE} width="100%" height="1" />
          ))}
          <svg
            y={ABOVE}
            width="100%"
            height={HEIGHT}
            viewBox={`0 0 1000 ${HEIGHT}`}
            preserveAspectRatio="none"
            aria-hidden="true"
          >
            {props.children ?? null}
          </svg>
          <svg y={ABOVE} width="100%" height={HEIGHT} aria-hidden="true">
            {props.marks ?? null}
          </svg>
          <rect class="zero" y={Math.round(scale.zero) + ABOVE} width="100%" height="1" />
          <DayLabels days={days} />
          <HoverPlaces {...props} values={values} />
        </svg>
      </div>
      <DataTable {...props} values={values} />
    </figure>
  )
}

function DayLabels({ days }: Pick<DaysChartProps, "days">): JSX.Element {
  return (
    <>
      {axisLabels(days.map(dayText)).map((label) => (
        <text
          class={label.tiers.join(" ")}
          x={percent((label.index + { start: 0, middle: 0.5, end: 1 }[label.anchor]) / days.length)}
          y={HEIGHT + ABOVE + 19}
          text-anchor={label.anchor}
          safe
        >
          {label.text}
        </text>
      ))}
    </>
  )
}

function HoverPlaces({ values, ...chart }: DaysChartProps & { values: readonly Value[][] }): JSX.Element {
  return (
    <>
      {chart.days.map((day, index) => (
        <rect
          class="hit"
          x={percent(index / chart.days.length)}
          width={percent(1 / chart.days.length)}
          height={HEIGHT + ABOVE + BELOW}
        >
          <title safe>{hoverText(chart, values, day, index)}</title>
        </rect>
      ))}
    </>
  )
}

/** "20 Nov 2026: 86 credits", or a line per series. */
function hoverText({ series, unit }: DaysChartProps, values: readonly Value[][], day: number, index: number): string {
  const texts = values.map((one) => {
    const value = one[index] ?? null
    return value === null ? "no data" : unit.text(value)
  })
  if (series.length === 1) return `${dateText(day)}: ${texts[0]}`
  return [dateText(day), ...series.map(({ label }, at) => `${label}: ${texts[at]}`)].join("\n")
}

/** The chart in two sentences, for those who do not see it. */
function describe({ days, series, unit }: DaysChartProps, values: readonly Value[][]): string {
  const first = days[0]
  const last = days.at(-1)
  if (first === undefined || last === undefined) return "No days to show."
  const span = days.length === 1 ? dateText(first) : `${days.length} days, ${dateText(first)} to ${dateText(last)}`
  const tops = series.map(({ label }, at) => {
    const row = values[at] ?? []
    let best = -1
    row.forEach((value, index) => {
      if (value !== null && value > (row[best] ?? Number.NEGATIVE_INFINITY)) best = index
    })
    const words = best < 0 ? "no data" : `most ${unit.text(row[best] ?? 0)} on ${dateText(days[best] ?? first)}`
    return series.length === 1 ? words : `${label}: ${words}`
  })
  return `${span}; ${tops.join("; ")}. The table below has every day.`
}

function DataTable({
  title,
  unit,
  days,
  series,
  values,
}: DaysChartProps & { values: readonly Value[][] }): JSX.Element {
  const columns = series.map(({ label }) => ({ label: series.length === 1 ? unit.name : label, numeric: true }))
  const rows = days
    .map((day, index) => [
      <span safe>{dateText(day)}</span>,
      ...values.map((row) => <Cell unit={unit} value={row[index] ?? null} />),
    ])
    .reverse()
  return (
    <details class="as-table">
      <summary>Show as table</summary>
      <Table caption={title} hideCaption scrolls columns={[{ label: "Day (UTC)" }, ...columns]} rows={rows} />
    </details>
  )
}

function Cell({ unit, value }: { unit: Unit; value: Value }): JSX.Element {
  if (value === null) return <span class="quiet">No data</span>
  return (
    <span class="num" title={unit.exact(value)} safe>
      {unit.cell(value)}
    </span>
  )
}

/** Names of several series, each with its fill. */
export function Legend({ id, labels }: { id: string; labels: readonly string[] }): JSX.Element {
  return (
    <ul class="key plain">
      {labels.map((label, index) => (
        <li>
          <Swatch id={id} index={index} />
          <bdi safe>{label}</bdi>
        </li>
      ))}
    </ul>
  )
}
