// Charts as server-rendered SVG without text inside: axes are HTML, so nothing collides or shrinks; the same data stands in a
// table below. Figures are n$ shown as credits.
import type { Nano } from "../../src/app/units.ts"
import { areaPath, niceCeiling } from "./chart-math.ts"
import { CreditsNumber } from "./figures.tsx"
import { creditsNumber, creditsText, dateText, dayText } from "./format.ts"
import { Table } from "./table.tsx"

export interface DayPoint {
  /** Any moment of the UTC day. */
  dayMs: number
  used: Nano
}

const DayLabel = ({ point }: { point: DayPoint | undefined }): JSX.Element =>
  point ? <span safe>{dayText(point.dayMs)}</span> : <span></span>

const WIDTH = 1000
const HEIGHT = 200

/** Credits per day as an area with hover titles, axis words and the data behind "Show as table". */
export function DayChart({ title, days }: { title: string; days: readonly DayPoint[] }): JSX.Element {
  const top = niceCeiling(Math.max(...days.map((day) => day.used), 0))
  const step = WIDTH / Math.max(1, days.length)
  const shape = areaPath(
    days.map((day) => day.used),
    top,
    WIDTH,
    HEIGHT,
  )
  const first = days[0]
  const middle = days[Math.floor(days.length / 2)]
  const last = days[days.length - 1]
  return (
    <figure class="chart">
      <div class="plot">
        <span class="axis-y" aria-hidden="true">
          <span safe>{creditsText(top as Nano)}</span>
          <span safe>{creditsNumber((top / 2) as Nano)}</span>
          <span>0</span>
        </span>
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={title}>
          <path class="rule" d={`M0 0H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT}H${WIDTH}`} />
          <path class="area" d={shape.area} />
          <path class="line" d={shape.line} />
          {days.map((day, index) => (
            <rect class="hit" x={String(index * step)} y="0" width={String(step)} height={String(HEIGHT)}>
              <title safe>{`${dayText(day.dayMs)}: ${creditsText(day.used)}`}</title>
            </rect>
          ))}
        </svg>
        <span class="axis-x" aria-hidden="true">
          <DayLabel point={first} />
          <DayLabel point={middle} />
          <DayLabel point={last} />
        </span>
      </div>
      <details class="as-table">
        <summary>Show as table</summary>
        <Table
          caption={title}
          hideCaption
          scrolls
          columns={[{ label: "Day (UTC)" }, { label: "Credits", numeric: true }]}
          rows={days
            .toReversed()
            .map((day) => [<span safe>{dateText(day.dayMs)}</span>, <CreditsNumber amount={day.used} />])}
        />
      </details>
    </figure>
  )
}

export interface Slice {
  label: string
  used: Nano
  href?: string | undefined
}

/** Few things compared by size: a table whose bars are drawn, largest first. */
export function Bars({
  caption,
  head,
  slices,
}: {
  caption: string
  head: string
  slices: readonly Slice[]
}): JSX.Element {
  const top = Math.max(...slices.map((slice) => slice.used), 1)
  return (
    <table class="bars">
      <caption class="sr" safe>
        {caption}
      </caption>
      <thead class="sr">
        <tr>
          <th scope="col" safe>
            {head}
          </th>
          <th scope="col">Credits</th>
        </tr>
      </thead>
      <tbody>
        {slices.map((slice) => (
          <tr>
            <th scope="row">
              {slice.href ? (
                <a href={slice.href} safe>
                  {slice.label}
                </a>
              ) : (
                <span safe>{slice.label}</span>
              )}
              <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
                <rect class="track" width="100" height="1" />
                <rect class="fill" width={((slice.used / top) * 100).toFixed(1)} height="1" />
              </svg>
            </th>
            <td class="numeric">
              <CreditsNumber amount={slice.used} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Parts of a whole: a ring in steps of one hue, with the same parts as a list beside it. At most five parts. */
export function Donut({ title, slices }: { title: string; slices: readonly Slice[] }): JSX.Element {
  const total = slices.reduce((sum, slice) => sum + slice.used, 0) || 1
  let before = 0
  const arcs = slices.slice(0, 5).map((slice, index) => {
    const share = (slice.used / total) * 100
    const arc = { slice, share, offset: before, tone: `tone-${index + 1}` }
    before += share
    return arc
  })
  return (
    <div class="donut">
      <svg viewBox="0 0 42 42" role="img" aria-label={title}>
        {arcs.map((arc) => (
          <circle
            class={arc.tone}
            cx="21"
            cy="21"
            r="15.915"
            pathLength="100"
            stroke-dasharray={arcs.length > 1 ? `${Math.max(0, arc.share - 0.8).toFixed(2)} 100` : undefined}
            stroke-dashoffset={(-arc.offset).toFixed(2)}
          >
            <title safe>{`${arc.slice.label}: ${creditsText(arc.slice.used)}`}</title>
          </circle>
        ))}
      </svg>
      <ul class="legend">
        {arcs.map((arc) => (
          <li>
            <svg viewBox="0 0 10 10" aria-hidden="true">
              <rect class={arc.tone} width="10" height="10" rx="2" />
            </svg>
            <span safe>{arc.slice.label}</span>
            <CreditsNumber amount={arc.slice.used} />
          </li>
        ))}
      </ul>
    </div>
  )
}

/** A tiny line of recent values for a stat; the figure beside it says the number. */
export function Sparkline({ values, label }: { values: readonly number[]; label: string }): JSX.Element {
  const shape = areaPath(values, Math.max(...values, 1), 100, 24)
  return (
    <svg class="sparkline" viewBox="0 0 100 24" preserveAspectRatio="none" role="img" aria-label={label}>
      <path class="line" d={shape.line} />
    </svg>
  )
}
