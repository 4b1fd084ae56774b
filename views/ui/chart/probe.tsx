// Where a chart is read: pointer, finger and keys go over it, js/chart.js shows what is there. The keys are those of a slider, which says
// each place once to who listens. A live page leaves it as it is. Without scripts it is not there, and `<title>` does its work.
import { assetUrl } from "../../layout/assets.ts"

export interface ProbeProps {
  /** What is read: "Daily credit usage: day by day". */
  label: string
  /** How many places there are; each is an element `.hit` of the same figure, in this order. */
  count: number
  /** Of a grid: how far up and down lead. */
  columns?: number | undefined
}

export function Probe({ label, count, columns }: ProbeProps): JSX.Element {
  if (count === 0) return ""
  const last = String(count - 1)
  return (
    <div class="probe js" hx-morph-skip data-module={assetUrl("js/chart.js")} data-columns={columns}>
      <input type="range" min="0" max={last} value={last} aria-label={label} />
      <div class="cross" hidden></div>
      <div class="tip" aria-hidden="true" hidden></div>
    </div>
  )
}
