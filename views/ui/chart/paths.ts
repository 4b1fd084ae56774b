// Path data with d3-shape, in a box 1000 wide that CSS stretches; heights are px. Missing values are gaps, never zeros.
import { arc, area, line, type PieArcDatum, pie, stack } from "d3-shape"
import { clean, round, type Value, type ValueScale } from "./scale.ts"

/** Width of the stretched box. */
export const WIDTH = 1_000

const middle = (index: number, slots: number): number => ((index + 0.5) * WIDTH) / slots
/** What a generator of d3 gives for nothing at all is null. */
const path = (data: string | null): string => data ?? ""

export function linePath(values: readonly Value[], scale: ValueScale): string {
  const draw = line<Value>()
    .digits(2)
    .defined((value) => value !== null)
    .x((_, index) => middle(index, values.length))
    .y((value) => scale.y(value ?? 0))
  return path(draw(values as Value[]))
}

export function areaPath(values: readonly Value[], scale: ValueScale): string {
  const draw = area<Value>()
    .digits(2)
    .defined((value) => value !== null)
    .x((_, index) => middle(index, values.length))
    .y0(scale.zero)
    .y1((value) => scale.y(value ?? 0))
  return path(draw(values as Value[]))
}

/** Values whose neighbours are missing: a line through one point is nothing to see, so they are drawn as dots. */
export const lonely = (values: readonly Value[]): number[] =>
  values.flatMap((value, index) =>
    value !== null && (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null ? [index] : [],
  )

export interface Box {
  index: number
  series: number
  y: number
  height: number
}

/** A bar per value, from zero up or down; something is at least a hairline high. */
export function bars(values: readonly Value[], scale: ValueScale): Box[] {
  return values.flatMap((value, index) => {
    if (!value) return []
    const top = Math.min(scale.y(value), scale.zero)
    const height = Math.max(1.5, Math.abs(scale.y(value) - scale.zero))
    return [{ index, series: 0, y: round(value > 0 ? Math.min(top, scale.zero - height) : top), height: round(height) }]
  })
}

/** The sums that the highest stack reaches; negative parts count as nothing. */
export const stackSums = (series: readonly (readonly Value[])[]): number[] =>
  (series[0] ?? []).map((_, index) => series.reduce((sum, values) => sum + Math.max(0, values[index] ?? 0), 0))

export function stackedBars(series: readonly (readonly Value[])[], scale: ValueScale): Box[] {
  const rows = (series[0] ?? []).map((_, index) => series.map((values) => Math.max(0, values[index] ?? 0)))
  const layers = stack<number[], number>()
    .keys(series.map((_, index) => index))
    .value((row, key) => row[key] ?? 0)(rows)
  return layers.flatMap((layer, at) =>
    layer.flatMap(([from, to], index) =>
      to > from
        ? [{ index, series: at, y: round(scale.y(to)), height: round(Math.max(0, scale.y(from) - scale.y(to))) }]
        : [],
    ),
  )
}

export interface Ring {
  d: string
  share: number
}

/** Parts of a ring around 0 0, radius 50, clockwise from the top in the order given. Nothing at all is an empty ring. */
export function rings(values: readonly number[]): Ring[] {
  const amounts = values.map((value) => Math.max(0, clean(value) ?? 0))
  const total = amounts.reduce((sum, value) => sum + value, 0)
  if (total === 0) return []
  const many = amounts.filter((value) => value > 0).length > 1
  const draw = arc<PieArcDatum<number>>().digits(2).innerRadius(34).outerRadius(50).padRadius(50)
  const parts = pie<number>()
    .sort(null)
    .padAngle(many ? 0.03 : 0)(amounts)
  return parts.map((part) => ({ d: part.value > 0 ? path(draw(part)) : "", share: part.value / total }))
}
