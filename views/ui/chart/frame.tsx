// What every chart over days shares: axes whose labels never touch, names for readers, places to read, the data behind "Show as
// table". The plot is one SVG of fixed height and full width, so text keeps its size at every width and nothing is inline.
import type { Children } from "@kitajs/html"
import { dateText, dayText } from "../format.ts"
import { Table } from "../table.tsx"
import { axisLabels, textWidth } from "./labels.ts"
import type { Prepared } from "./prepare.ts"
import { Probe } from "./probe.tsx"
import { percent, type Value, type ValueScale } from "./scale.ts"
import type { Unit } from "./unit.ts"
import { dayWords, describe } from "./words.ts"

/** px of the plot itself, and of the room above it and for the labels below. */
export const HEIGHT = 168
const ABOVE = 8
const BELOW = 24

export interface DaysFrameProps {
  chart: Prepared
  kind: "lines" | "bars" | "stack"
  scale: ValueScale
  /** Paths in the stretched box. */
  children?: Children
  /** Marks placed by percent, above the paths. */
  marks?: Children
  /** Key of several series. */
  legend?: Children
}

export function DaysFrame({ chart, kind, scale, children, marks, legend }: DaysFrameProps): JSX.Element {
  const { id, title, days, notes } = chart
  const yWidth = Math.ceil(Math.max(...scale.ticks.map(({ text }) => textWidth(text)), 0))
  return (
    <figure class="chart" id={id} data-kind={kind} data-zero={kind === "stack" ? scale.zero : undefined}>
      {legend ?? null}
      <div class="plot">
        <svg class="axis" width={yWidth} height={HEIGHT + ABOVE + BELOW} aria-hidden="true">
          {scale.ticks.map((tick) => (
            <text x={yWidth} y={tick.y + ABOVE} dy=".35em" text-anchor="end" safe>
              {tick.text}
            </text>
          ))}
        </svg>
        <div class="stage">
          <svg width="100%" height={HEIGHT + ABOVE + BELOW} role="img" aria-labelledby={`${id}-t ${id}-d`}>
            <title id={`${id}-t`} safe>
              {title}
            </title>
            <desc id={`${id}-d`} safe>
              {describe(chart)}
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
              {children ?? null}
            </svg>
            <svg y={ABOVE} width="100%" height={HEIGHT} aria-hidden="true">
              {marks ?? null}
            </svg>
            <rect class="zero" y={Math.round(scale.zero) + ABOVE} width="100%" height="1" />
            <DayLabels days={days} />
            <Places chart={chart} withSum={kind === "stack"} />
          </svg>
          <Probe label={`${title}: day by day`} count={days.length} />
        </div>
      </div>
      {notes.map((words) => (
        <p class="quiet" safe>
          {words}
        </p>
      ))}
      <DataTable chart={chart} />
    </figure>
  )
}

function DayLabels({ days }: { days: readonly number[] }): JSX.Element {
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

/** A column per day with its words. */
function Places({ chart, withSum }: { chart: Prepared; withSum: boolean }): JSX.Element {
  const slots = chart.days.length
  return (
    <>
      {chart.days.map((_, index) => (
        <rect class="hit" x={percent(index / slots)} width={percent(1 / slots)} height={HEIGHT + ABOVE + BELOW}>
          <title safe>{dayWords(chart, index, withSum)}</title>
        </rect>
      ))}
    </>
  )
}

function DataTable({ chart }: { chart: Prepared }): JSX.Element {
  const { title, unit, days, series, values, shown } = chart
  const columns = series.map(({ label }) => ({ label: series.length === 1 ? unit.name : label, numeric: true }))
  const rows = days
    .map((day, index) => [
      <span safe>{dateText(day)}</span>,
      ...values.map((row, at) => <Cell unit={unit} value={row[index] ?? null} shown={shown[at]?.[index] ?? 0} />),
    ])
    .reverse()
  return (
    <details class="as-table">
      <summary>Show as table</summary>
      <Table caption={title} hideCaption scrolls columns={[{ label: "Day (UTC)" }, ...columns]} rows={rows} />
    </details>
  )
}

function Cell({ unit, value, shown }: { unit: Unit; value: Value; shown: number }): JSX.Element {
  if (value === null) return <span class="quiet">No data</span>
  return (
    <span class="num" title={unit.exact(value)} safe>
      {unit.cell(shown)}
    </span>
  )
}
