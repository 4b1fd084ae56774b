// A tiny line of recent values beside a figure; the figure says the number, the label says what the line is.
import { linePath, lonely } from "./paths.ts"
import { clean, percent, type Value, valueScale } from "./scale.ts"
import { counted } from "./unit.ts"

const HEIGHT = 24
const PLAIN = { ...counted("Values", "value", "values"), whole: false, least: 1 }

export function Sparkline({ values, label }: { values: readonly Value[]; label: string }): JSX.Element {
  const row = values.map(clean)
  const scale = valueScale(
    row.filter((value) => value !== null),
    PLAIN,
    HEIGHT - 4,
  )
  return (
    <svg class="sparkline" width="96" height={HEIGHT} role="img" aria-label={label}>
      <svg
        y="2"
        width="100%"
        height={HEIGHT - 4}
        viewBox={`0 0 1000 ${HEIGHT - 4}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <path class="line line-1 tone-1" d={linePath(row, scale)} />
      </svg>
      {lonely(row).map((index) => (
        <circle
          class="point tone-1"
          cx={percent((index + 0.5) / row.length)}
          cy={String(scale.y(row[index] ?? 0) + 2)}
          r="2"
        />
      ))}
    </svg>
  )
}
