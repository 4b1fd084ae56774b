// A funnel: steps that people take one after the other, each with its share of the first and what was lost since the step before. A
// table that is drawn, as the other charts of parts.
import { count } from "../format.ts"
import { HiddenHead } from "./head.tsx"
import { clean, round } from "./scale.ts"
import type { Unit } from "./unit.ts"

export interface FunnelStep {
  label: string
  /** In the chart's unit; steps after the first are parts of it. */
  value: number
  href?: string | undefined
}

export interface FunnelProps {
  title: string
  /** What the steps are called: "Step". */
  head: string
  steps: readonly FunnelStep[]
  unit: Unit
}

/** "42%", with a decimal where a whole percent would say all or nothing. */
function shareOf(part: number, whole: number): string {
  if (whole <= 0) return "0%"
  const percent = (100 * part) / whole
  if (part > 0 && percent < 0.1) return "<0.1%"
  if (part < whole && percent > 99.9) return ">99.9%"
  const isEdge = part !== whole && part > 0 && (percent < 1 || percent > 99)
  return `${isEdge ? round(Math.round(percent * 10) / 10) : Math.round(percent)}%`
}

/** "187 lost here, 38%" */
function dropWords(value: number, before: number): string {
  if (value === before) return "None lost here"
  if (value > before) return `${count(value - before)} more than the step before`
  return `${count(before - value)} lost here, ${shareOf(before - value, before)}`
}

export function Funnel({ title, head, steps, unit }: FunnelProps): JSX.Element {
  const values = steps.map((step) => Math.max(0, clean(step.value) ?? 0))
  const first = values[0] ?? 0
  const most = Math.max(...values, 1)
  return (
    <table class="bars funnel">
      <HiddenHead title={title} labels={[head, unit.name, "Share of the first"]} />
      <tbody>
        {steps.map((step, index) => (
          <tr>
            <th scope="row">
              {step.href ? (
                <a href={step.href}>
                  <bdi class="clip" title={step.label} safe>
                    {step.label}
                  </bdi>
                </a>
              ) : (
                <bdi class="clip" title={step.label} safe>
                  {step.label}
                </bdi>
              )}
              <svg width="100%" height="20" aria-hidden="true">
                <rect class="track" width="100%" height="20" rx="3" />
                <rect class="fill" width={`${round((100 * values[index]!) / most)}%`} height="20" rx="3" />
              </svg>
              {index === 0 ? null : (
                <span class="note" safe>
                  {dropWords(values[index]!, values[index - 1]!)}
                </span>
              )}
            </th>
            <td class="numeric">
              <span class="num" title={unit.exact(values[index]!)} safe>
                {unit.text(values[index]!)}
              </span>
            </td>
            <td class="numeric quiet" safe>
              {shareOf(values[index]!, first)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
