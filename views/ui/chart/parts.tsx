// Charts of parts: bars by size and a donut. Both are tables that are drawn, so what is seen and what is read are one thing.
import { scaleLinear } from "d3-scale"
import { apportion, percentages } from "../together.ts"
import { HiddenHead } from "./head.tsx"
import { type Ring as RingPath, rings } from "./paths.ts"
import { fillOf, Patterns, Swatch, toneOf } from "./patterns.tsx"
import { Probe } from "./probe.tsx"
import { clean, round } from "./scale.ts"
import { axisText, CREDITS, type Unit } from "./unit.ts"
import { pointWords } from "./words.ts"

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

/** A part as it is written, so that parts add up to their sum; exact in the title. */
function Amount({ unit, value, shown }: { unit: Unit; value: number; shown: number }): JSX.Element {
  return (
    <span class="num" title={unit.exact(value)} safe>
      {unit.text(shown)}
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

/** More parts of a ring than these are summed up. */
const SLICES = 5

interface Amounts {
  unit: Unit
  /** As they are. */
  values: readonly number[]
  /** As they are written: at one precision, adding up to `total`. */
  shown: readonly number[]
  total: number
}

function amountsOf(slices: readonly Slice[], given: Unit): Amounts {
  const values = slices.map((slice) => Math.max(0, clean(slice.used) ?? 0))
  const unit = given.together?.(values) ?? given
  const shown = unit.step ? apportion(values, unit.step, unit.way) : values
  return { unit, values, shown, total: shown.reduce((sum, value) => sum + value, 0) }
}

/** Few things compared by size, largest first: a row each, its bar below the words, so that no name is ever cut by its bar. */
export function Bars({ title, head, slices, unit: given = CREDITS }: PartsProps): JSX.Element {
  const { unit, values, shown } = amountsOf(slices, given)
  const most = Math.max(...values.filter((_, index) => !slices[index]!.isRest), 1)
  const width = scaleLinear().domain([0, most]).range([0, 100])
  return (
    <table class="bars">
      <HiddenHead title={title} labels={[head, unit.name]} />
      <tbody>
        {slices.map((slice, index) => (
          <tr>
            <th scope="row">
              <Name slice={slice} />
              {slice.isRest ? null : (
                <svg width="100%" height="8" aria-hidden="true">
                  <rect class="track" width="100%" height="8" rx="4" />
                  <rect class="fill" width={`${round(width(values[index]!))}%`} height="8" rx="4" />
                </svg>
              )}
            </th>
            <td class="numeric">
              <Amount unit={unit} value={values[index]!} shown={shown[index]!} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** "<1%" for little, and never 100 % beside another part. */
const shareText = (percent: number, value: number): string => (percent === 0 && value > 0 ? "<1%" : `${percent}%`)

/**
 * Parts of a whole, at most five: a ring, its sum in the middle, and the parts in words beside it. One part is no ring: it is said in a
 * sentence, and so is nothing.
 */
export function Donut({ id = "donut", title, head, slices, unit: given = CREDITS }: PartsProps): JSX.Element {
  const parts = withOther(
    slices.filter((slice) => (clean(slice.used) ?? 0) > 0),
    SLICES,
  )
  const amounts = amountsOf(parts, given)
  const { unit, total } = amounts
  if (parts.length < 2) return <Whole id={id} slice={parts[0]} amounts={amounts} />
  return (
    <div class="donut" id={id}>
      <div class="stage">
        <svg viewBox="-51 -51 102 102" role="img" aria-labelledby={`${id}-t`}>
          <title id={`${id}-t`} safe>{`${title}: ${unit.text(total)} in all`}</title>
          <Patterns id={id} count={parts.length} />
          <Ring id={id} slices={parts} amounts={amounts} />
          <text class="donut-sum" y="-1" text-anchor="middle" safe>
            {sumText(total, unit)}
          </text>
          <text class="donut-unit" y="11" text-anchor="middle" safe>
            {unit.name.toLowerCase()}
          </text>
        </svg>
        <Probe label={`${title}: part by part`} count={parts.length} />
      </div>
      <Shares id={id} title={title} head={head} slices={parts} amounts={amounts} />
    </div>
  )
}

function Whole({ id, slice, amounts }: { id: string; slice: Slice | undefined; amounts: Amounts }): JSX.Element {
  const { unit, total } = amounts
  return (
    <p id={id}>
      {slice ? (
        <>
          {"All of it is "}
          <bdi class="strong" safe>
            {slice.label}
          </bdi>
          <span safe>{`: ${unit.text(total)}.`}</span>
        </>
      ) : (
        <span class="quiet">Nothing to divide yet.</span>
      )}
    </p>
  )
}

interface SharesProps {
  id: string
  slices: readonly Slice[]
  amounts: Amounts
}

function Ring({ id, slices, amounts }: SharesProps): JSX.Element {
  const shares = percentages(amounts.values)
  return (
    <>
      {rings(amounts.values).map((ring: RingPath, index) => {
        const value = amounts.values[index]!
        const text = `${amounts.unit.text(amounts.shown[index]!)}, ${shareText(shares[index]!, value)}`
        return (
          <path class={`hit drawn ${toneOf(index)}`} fill={fillOf(id, index)} d={ring.d}>
            <title safe>{pointWords(slices[index]!.label, [{ text }])}</title>
          </path>
        )
      })}
    </>
  )
}

function Shares({ id, title, head, slices, amounts }: SharesProps & { title: string; head: string }): JSX.Element {
  const { unit, values, shown } = amounts
  const shares = percentages(values)
  return (
    <table class="legend">
      <HiddenHead title={title} labels={[head, unit.name, "Share"]} />
      <tbody>
        {slices.map((slice, index) => (
          <tr>
            <th scope="row">
              <Swatch id={id} index={index} />
              <Name slice={slice} />
            </th>
            <td class="numeric">
              <Amount unit={unit} value={values[index]!} shown={shown[index]!} />
            </td>
            <td class="numeric quiet" safe>
              {shareText(shares[index]!, values[index]!)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
