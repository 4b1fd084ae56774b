// A heat map of hours: rows are days or weekdays, columns the hours of the UTC day. It is a table whose cells are drawn, so what is seen and
// what is read are one thing. A cell fills by its size as well as by its tone, for eyes and devices without colours.
import { Probe } from "./probe.tsx"
import { clean, type Value } from "./scale.ts"
import type { Unit } from "./unit.ts"
import { pointWords } from "./words.ts"

const HOURS = 24
/** Steps of the scale beside "nothing". */
const LEVELS = 5
const TONES = Array.from({ length: LEVELS + 1 }, (_, level) => level)

export interface HeatRow {
  /** A UTC day or weekday: "20 Nov", "Monday". */
  label: string
  /** Of a narrow column, where the label is too long for it: "Mon". */
  short?: string | undefined
  /** One per hour from 00:00 UTC on; null = nothing is known. */
  values: readonly Value[]
}

export interface HeatMapProps {
  id: string
  title: string
  unit: Unit
  /** What the rows are: "Weekday". */
  head: string
  rows: readonly HeatRow[]
  /** A moment of the time told about: which hours the reader's clock shows then. */
  atMs: number
}

const hourText = (hour: number): string => `${String(hour % HOURS).padStart(2, "0")}:00`

/** 0 nothing, then five steps of equal size up to the most there is. */
const levelOf = (value: number, most: number): number =>
  value > 0 ? Math.min(LEVELS, Math.ceil((value / most) * LEVELS)) : 0

export function HeatMap({ id, title, unit: given, head, rows, atMs }: HeatMapProps): JSX.Element {
  const grid = rows.map(({ values }) => Array.from({ length: HOURS }, (_, hour) => clean(values[hour])))
  const all = grid.flat().filter((value) => value !== null)
  const unit = given.together?.(all) ?? given
  const most = Math.max(...all, 0)
  return (
    <figure class="chart heat" id={id}>
      <div class="stage">
        <table>
          <caption class="sr" safe>
            {`${title}, by hour of the UTC day`}
          </caption>
          <Hours head={head} atMs={atMs} />
          <tbody>
            {rows.map(({ label, short }, row) => (
              <tr>
                <th scope="row" title={short === undefined ? undefined : label} safe>
                  {short ?? label}
                </th>
                {grid[row]!.map((value, hour) => (
                  <Cell label={label} hour={hour} value={value} most={most} unit={unit} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        <Probe label={`${title}: hour by hour`} count={rows.length * HOURS} columns={HOURS} />
      </div>
      <Scale unit={unit} most={most} />
    </figure>
  )
}

/** js/chart.js writes the hours of the reader's clock into them. */
function Hours({ head, atMs }: { head: string; atMs: number }): JSX.Element {
  return (
    <thead>
      <tr>
        <th scope="col">
          <span class="sr" safe>
            {head}
          </span>
        </th>
        {Array.from({ length: HOURS }, (_, hour) => (
          <th scope="col" title={`${hourText(hour)} UTC`}>
            <span class={hour % 6 === 0 ? undefined : "sr"} data-hour={String(hour)} data-at={String(atMs)} safe>
              {hourText(hour).slice(0, 2)}
            </span>
          </th>
        ))}
      </tr>
    </thead>
  )
}

interface CellProps {
  label: string
  hour: number
  value: Value
  most: number
  unit: Unit
}

function Cell({ label, hour, value, most, unit }: CellProps): JSX.Element {
  const text = value === null ? "no data" : unit.text(value)
  const words = pointWords(`${label}, ${hourText(hour)} to ${hourText(hour + 1)} UTC`, [{ text }])
  return (
    <td class={`hit heat-${value === null ? "none" : levelOf(value, most)}`} title={words}>
      <span class="sr" safe>
        {value === null ? "No data" : unit.cell(value)}
      </span>
    </td>
  )
}

function Scale({ unit, most }: { unit: Unit; most: number }): JSX.Element {
  return (
    <figcaption class="heat-scale">
      <span class="quiet">
        {"Rows are UTC days. "}
        <span class="js">Hours are those of your clock.</span>
        <span class="nojs">Hours are UTC.</span>
      </span>
      <span class="heat-steps">
        <span class="num" safe>
          {unit.text(0)}
        </span>
        {TONES.map((level) => (
          <span class={`heat-${level}`} aria-hidden="true"></span>
        ))}
        <span class="num" safe>
          {unit.text(most)}
        </span>
      </span>
    </figcaption>
  )
}
