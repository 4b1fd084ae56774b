// Charts over days: line, area, bar, stacked bar. Values may be missing; all but stacked may be negative.
import type { Nano } from "../../../src/app/units.ts"
import { cleaned, type DaysChartProps, DaysFrame, HEIGHT, Legend } from "./frame.tsx"
import { areaPath, type Box, bars, linePath, lonely, stackedBars, stackSums } from "./paths.ts"
import { FILLS, fillOf, Patterns } from "./patterns.tsx"
import { percent, type Value, type ValueScale, valueScale } from "./scale.ts"
import { CREDITS } from "./unit.ts"

const known = (rows: readonly (readonly Value[])[]): number[] => rows.flat().filter((value) => value !== null)

function Dots({ values, scale }: { values: readonly Value[]; scale: ValueScale }): JSX.Element {
  return (
    <>
      {lonely(values).map((index) => (
        <circle
          class="point"
          cx={percent((index + 0.5) / values.length)}
          cy={String(scale.y(values[index] ?? 0))}
          r="3"
        />
      ))}
    </>
  )
}

/** Up to four lines, told apart by their dashes. */
export function LineChart(props: DaysChartProps): JSX.Element {
  const given = { ...props, series: props.series.slice(0, 4) }
  const rows = cleaned(given)
  const scale = valueScale(known(rows), props.unit, HEIGHT)
  const legend =
    rows.length > 1 ? (
      <ul class="key plain">
        {given.series.map(({ label }, index) => (
          <li>
            <svg class="swatch" width="28" height="10" aria-hidden="true">
              <path class={`line line-${index + 1}`} d="M0 5H28" />
            </svg>
            <bdi safe>{label}</bdi>
          </li>
        ))}
      </ul>
    ) : undefined
  return (
    <DaysFrame
      {...given}
      scale={scale}
      legend={legend}
      marks={rows.map((values) => <Dots values={values} scale={scale} />)}
    >
      {rows.map((values, index) => (
        <path class={`line line-${index + 1}`} d={linePath(values, scale)} />
      ))}
    </DaysFrame>
  )
}

/** One line with its area down (or up) to zero. */
export function AreaChart(props: DaysChartProps): JSX.Element {
  const given = { ...props, series: props.series.slice(0, 1) }
  const values = cleaned(given)[0] ?? []
  const scale = valueScale(known([values]), props.unit, HEIGHT)
  return (
    <DaysFrame {...given} scale={scale} marks={<Dots values={values} scale={scale} />}>
      <path class="area" d={areaPath(values, scale)} />
      <path class="line line-1" d={linePath(values, scale)} />
    </DaysFrame>
  )
}

function BarMarks({ id, boxes, slots }: { id: string; boxes: readonly Box[]; slots: number }): JSX.Element {
  return (
    <>
      {boxes.map((box) => (
        <rect
          class={`tone-${box.series + 1}`}
          fill={fillOf(id, box.series)}
          x={percent((box.index + 0.14) / slots)}
          width={percent(0.72 / slots)}
          y={String(box.y)}
          height={String(box.height)}
        />
      ))}
    </>
  )
}

/** A bar per day. */
export function BarChart(props: DaysChartProps): JSX.Element {
  const given = { ...props, series: props.series.slice(0, 1) }
  const values = cleaned(given)[0] ?? []
  const scale = valueScale(known([values]), props.unit, HEIGHT)
  return (
    <DaysFrame
      {...given}
      scale={scale}
      marks={<BarMarks id={props.id} boxes={bars(values, scale)} slots={props.days.length} />}
    />
  )
}

/** Parts of each day on top of each other, at most five, told apart by their patterns. */
export function StackedBarChart(props: DaysChartProps): JSX.Element {
  const given = { ...props, series: props.series.slice(0, FILLS) }
  const rows = cleaned(given)
  const scale = valueScale(stackSums(rows), props.unit, HEIGHT)
  return (
    <DaysFrame
      {...given}
      scale={scale}
      legend={<Legend id={props.id} labels={given.series.map(({ label }) => label)} />}
      marks={
        <>
          <Patterns id={props.id} count={rows.length} />
          <BarMarks id={props.id} boxes={stackedBars(rows, scale)} slots={props.days.length} />
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

/** Credits per day: the chart of most pages. */
export function DayChart({
  title,
  days,
  id = "day-chart",
}: {
  title: string
  days: readonly DayPoint[]
  id?: string
}): JSX.Element {
  const series = [{ label: "Credits", values: days.map(({ used }) => used) }]
  return <AreaChart id={id} title={title} unit={CREDITS} days={days.map(({ dayMs }) => dayMs)} series={series} />
}
