// Charts over days: line, area, bar, stacked bar. Values may be missing; all but stacked may be negative.
import type { Nano } from "../../../src/app/units.ts"
import { DaysFrame, HEIGHT } from "./frame.tsx"
import { Legend } from "./legend.tsx"
import { areaPath, type Box, bars, linePath, lonely, stackedBars, stackSums } from "./paths.ts"
import { fillOf, HUES, Patterns, toneOf } from "./patterns.tsx"
import { type Begin, type DaysChartProps, isOpen, known, onlyOne, type Prepared, prepare } from "./prepare.ts"
import { percent, type Value, type ValueScale, valueScale } from "./scale.ts"
import { CREDITS, type Unit } from "./unit.ts"
import { singleWords } from "./words.ts"

interface DotsProps {
  values: readonly Value[]
  scale: ValueScale
  series: number
}

function Dots({ values, scale, series }: DotsProps): JSX.Element {
  return (
    <>
      {lonely(values).map((index) => (
        <circle
          class={`point ${toneOf(series)}`}
          cx={percent((index + 0.5) / values.length)}
          cy={String(scale.y(values[index] ?? 0))}
          r="4"
        />
      ))}
    </>
  )
}

const labelsOf = ({ series }: Prepared): string[] => series.map(({ label }) => label)
const saying = (chart: Prepared, words: string): Prepared => ({ ...chart, notes: [words, ...chart.notes] })

/** Levels: up to eight lines, told apart by hue and dashes. One value alone is a dot, with words. */
export function LineChart(props: DaysChartProps): JSX.Element {
  const chart = prepare(props, HUES, "none")
  const scale = valueScale(known(chart.values), chart.unit, HEIGHT)
  const [row = []] = chart.values
  const only = chart.values.length === 1 && known([row]).length === 1 ? row.findIndex((value) => value !== null) : -1
  return (
    <DaysFrame
      chart={only < 0 ? chart : saying(chart, singleWords(chart, only))}
      kind="lines"
      scale={scale}
      legend={chart.values.length > 1 ? <Legend id={chart.id} labels={labelsOf(chart)} lines /> : undefined}
      marks={chart.values.map((values, index) => <Dots values={values} scale={scale} series={index} />)}
    >
      {chart.values.map((values, index) => (
        <path class={`line line-${index + 1} ${toneOf(index)}`} d={linePath(values, scale)} />
      ))}
    </DaysFrame>
  )
}

/** One line with its area down (or up) to zero. One value among nothing is a bar, with words: a line would draw a cliff. */
export function AreaChart(props: DaysChartProps): JSX.Element {
  const chart = prepare(props, 1, "days")
  const values = chart.values[0] ?? []
  const only = onlyOne(values)
  if (only >= 0) return <SingleSeriesBars chart={saying(chart, singleWords(chart, only))} />
  const scale = valueScale(known([values]), chart.unit, HEIGHT)
  // A day that has just begun is no fall: its stretch is dashed, and the area ends with the day before.
  const last = isOpen(chart) ? values.length - 1 : values.length
  const over = values.map((value, index) => (index < last ? value : null))
  const soFar = values.map((value, index) => (index >= last - 1 ? value : null))
  const isSplit = last < values.length && known([soFar]).length === 2
  return (
    <DaysFrame
      chart={isSplit ? saying(chart, "Dashed: today, so far.") : chart}
      kind="lines"
      scale={scale}
      marks={<Dots values={values} scale={scale} series={0} />}
    >
      <path class="area" d={areaPath(isSplit ? over : values, scale)} />
      <path class="line line-1 tone-1" d={linePath(isSplit ? over : values, scale)} />
      {isSplit ? <path class="line so-far tone-1" d={linePath(soFar, scale)} /> : null}
    </DaysFrame>
  )
}

/** Part of the plot that a bar is at most, so that few days do not become blocks. */
const WIDEST = 0.09

function BarMarks({ id, boxes, slots }: { id: string; boxes: readonly Box[]; slots: number }): JSX.Element {
  const width = Math.min(0.72 / slots, WIDEST)
  return (
    <>
      {boxes.map((box) => (
        <rect
          class={`drawn ${toneOf(box.series)}`}
          fill={fillOf(id, box.series)}
          x={percent((box.index + 0.5) / slots - width / 2)}
          width={percent(width)}
          y={String(box.y)}
          height={String(box.height)}
        />
      ))}
    </>
  )
}

function SingleSeriesBars({ chart }: { chart: Prepared }): JSX.Element {
  const values = chart.values[0] ?? []
  const scale = valueScale(known([values]), chart.unit, HEIGHT)
  const marks = <BarMarks id={chart.id} boxes={bars(values, scale)} slots={chart.days.length} />
  return <DaysFrame chart={chart} kind="bars" scale={scale} marks={marks} />
}

/** A bar per day. */
export function BarChart(props: DaysChartProps): JSX.Element {
  const chart = prepare(props, 1, "days")
  const only = onlyOne(chart.values[0] ?? [])
  return <SingleSeriesBars chart={only < 0 ? chart : saying(chart, singleWords(chart, only))} />
}

/** Parts of each day on top of each other, at most eight. */
export function StackedBarChart(props: DaysChartProps): JSX.Element {
  const chart = prepare(props, HUES, "series")
  const scale = valueScale(stackSums(chart.values), chart.unit, HEIGHT)
  return (
    <DaysFrame
      chart={chart}
      kind="stack"
      scale={scale}
      legend={<Legend id={chart.id} labels={labelsOf(chart)} />}
      marks={
        <>
          <Patterns id={chart.id} count={chart.values.length} />
          <BarMarks id={chart.id} boxes={stackedBars(chart.values, scale)} slots={chart.days.length} />
        </>
      }
    />
  )
}

export interface DayPoint {
  /** Any moment of the UTC day. */
  dayMs: number
  used: Nano
}

export interface DayChartProps {
  title: string
  days: readonly DayPoint[]
  id?: string
  begins?: Begin | undefined
  now?: number | undefined
  /** Credits, or credits at the precision of a page. */
  unit?: Unit | undefined
}

/** Credits per day: the chart of most pages. */
export function DayChart({ title, days, id = "day-chart", begins, now, unit = CREDITS }: DayChartProps): JSX.Element {
  const series = [{ label: "Credits", values: days.map(({ used }) => used) }]
  const dates = days.map(({ dayMs }) => dayMs)
  return <AreaChart id={id} title={title} unit={unit} days={dates} series={series} begins={begins} now={now} />
}
