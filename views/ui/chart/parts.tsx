// Charts of parts: bars by size and a donut. Both are tables that are drawn, so what is seen and what is read are one thing.
import { scaleLinear } from "d3-scale"
import { type Ring, rings } from "./paths.ts"
import { FILLS, fillOf, Patterns, Swatch } from "./patterns.tsx"
import { clean, round } from "./scale.ts"
import { axisText, CREDITS, type Unit } from "./unit.ts"

export interface Slice {
  label: string
  /** In the chart's unit; credits are given in n$. */
  used: number
  href?: string | undefined
  /** What is summed up here is many things: it has words but no bar beside those of single ones. */
  isRest?: boolean | undefined
}

/** The largest `most`, the rest as one: "Other (12)". Without a rest the slices as they are. */
export function withOther(slices: readonly Slice[], most: number, word = "Other"): Slice[] {
  const sorted = slices.toSorted((a, b) => b.used - a.used)
  if (sorted.length <= most) return sorted
  const rest = sorted.slice(most - 1)
  const used = rest.reduce((sum, slice) => sum + (clean(slice.used) ?? 0), 0)
  return [...sorted.slice(0, most - 1), { label: `${word} (${rest.length})`, used, isRest: true }]
}

function Name({ slice }: { slice: Slice }): JSX.Element {
  const words = (
    <bdi class="clip" title={slice.label} safe>
      {slice.label}
    </bdi>
  )
  return slice.href ? <a href={slice.href}>{words}</a> : words
}

function Amount({ unit, value }: { unit: Unit; value: number }): JSX.Element {
  return (
    <span class="num" title={unit.exact(value)} safe>
      {unit.text(value)}
    </span>
  )
}

export interface PartsProps {
  /** Unique on the page; patterns are named after it. */
  id?: string | undefined
  /** What is compared, over which time. */
  title: string
  /** What the names are: "App". */
  head: string
  slices: readonly Slice[]
  unit?: Unit | undefined
}

/** What fits into the ring: every digit, or else three. */
function sumText(total: number, unit: Unit): string {
  const text = unit.cell(total)
  if (text.length <= 8) return text
  const value = total / unit.per
  return axisText(value, 10 ** (Math.floor(Math.log10(value)) - 2), unit.sign)
}

const shareText = (share: number): string =>
  share > 0 && share < 0.01 ? "<1%" : `${Math.min(100, Math.floor(share * 100 + 0.5))}%`

/** Few things compared by size, largest first: a row each, its bar below the words, so that no name is ever cut by its bar. */
export function Bars({ title, head, slices, unit = CREDITS }: PartsProps): JSX.Element {
  const values = slices.map((slice) => (slice.isRest ? 0 : Math.max(0, clean(slice.used) ?? 0)))
  const width = scaleLinear()
    .domain([0, Math.max(...values, 1)])
    .range([0, 100])
  return (
    <table class="bars">
      <caption class="sr" safe>
        {title}
      </caption>
      <thead class="sr">
        <tr>
          <th scope="col" safe>
            {head}
          </th>
          <th scope="col" safe>
            {unit.name}
          </th>
        </tr>
      </thead>
      <tbody>
        {slices.map((slice, index) => (
          <tr>
            <th scope="row">
              <Name slice={slice} />
              {slice.isRest ? null : (
                <svg width="100%" height="8" aria-hidden="true">
                  <rect class="track" width="100%" height="8" rx="4" />
                  <rect class="fill" width={`${round(width(values[index] ?? 0))}%`} height="8" rx="4">
                    <title safe>{`${slice.label}: ${unit.text(clean(slice.used) ?? 0)}`}</title>
                  </rect>
                </svg>
              )}
            </th>
            <td class="numeric">
              <span class="num" title={unit.exact(clean(slice.used) ?? 0)} safe>
                {unit.text(clean(slice.used) ?? 0)}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface PartProps {
  id: string
  index: number
  ring: Ring
  slice: Slice | undefined
  unit: Unit
}

function Part({ id, index, ring, slice, unit }: PartProps): JSX.Element {
  if (ring.d === "" || !slice) return ""
  return (
    <path class={`tone-${index + 1}`} fill={fillOf(id, index)} d={ring.d}>
      <title safe>{`${slice.label}: ${unit.text(slice.used)}, ${shareText(ring.share)}`}</title>
    </path>
  )
}

/** Parts of a whole, at most five: a ring with patterns, its sum in the middle, and the parts in words beside it. */
export function Donut({ id = "donut", title, head, slices, unit = CREDITS }: PartsProps): JSX.Element {
  const shown = withOther(slices, FILLS)
  const parts = rings(shown.map((slice) => slice.used))
  const total = shown.reduce((sum, slice) => sum + Math.max(0, clean(slice.used) ?? 0), 0)
  return (
    <div class="donut" id={id}>
      <svg viewBox="-51 -51 102 102" role="img" aria-labelledby={`${id}-t`}>
        <title id={`${id}-t`} safe>{`${title}: ${unit.text(total)} in all`}</title>
        <Patterns id={id} count={shown.length} />
        {parts.length === 0 ? <circle class="empty-ring" r="42" /> : null}
        {parts.map((ring, index) => (
          <Part id={id} index={index} ring={ring} slice={shown[index]} unit={unit} />
        ))}
        <text class="donut-sum" y="-1" text-anchor="middle" safe>
          {sumText(total, unit)}
        </text>
        <text class="donut-unit" y="11" text-anchor="middle" safe>
          {unit.name.toLowerCase()}
        </text>
      </svg>
      <table class="legend">
        <caption class="sr" safe>
          {title}
        </caption>
        <thead class="sr">
          <tr>
            <th scope="col" safe>
              {head}
            </th>
            <th scope="col" safe>
              {unit.name}
            </th>
            <th scope="col">Share</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((slice, index) => (
            <tr>
              <th scope="row">
                <Swatch id={id} index={index} />
                <Name slice={slice} />
              </th>
              <td class="numeric">
                <Amount unit={unit} value={Math.max(0, clean(slice.used) ?? 0)} />
              </td>
              <td class="numeric quiet" safe>
                {shareText(parts[index]?.share ?? 0)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
