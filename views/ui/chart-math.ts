// Geometry of the charts. Pure numbers in, SVG path data out.

/** The next of 1, 2, 5 × 10ⁿ at or above `value`; at least one credit, so that an empty chart still has an axis. */
export function niceCeiling(value: number): number {
  const floor = Math.max(value, 1_000_000)
  const power = 10 ** Math.floor(Math.log10(floor))
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= floor) ?? floor
}

/** Line and closed area of values spread over the width, each in the middle of its slot; `top` is the value at y = 0. */
export function areaPath(
  values: readonly number[],
  top: number,
  width: number,
  height: number,
): { line: string; area: string } {
  if (values.length === 0) return { line: "", area: "" }
  const slot = width / values.length
  const points = values.map((value, index) => {
    const x = (index + 0.5) * slot
    const y = height - (Math.min(Math.max(value, 0), top) / top) * height
    return `${x.toFixed(1)} ${y.toFixed(1)}`
  })
  const line = `M${points.join("L")}`
  return { line, area: `${line}V${height}H${(slot / 2).toFixed(1)}Z` }
}
