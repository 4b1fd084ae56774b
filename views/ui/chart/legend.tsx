// The key of several series. Where scripts run its names are buttons: pointed at they bring their series forward, pressed they take it away.
import { LineSwatch, Swatch } from "./patterns.tsx"

export interface LegendProps {
  id: string
  labels: readonly string[]
  /** Series are lines, not areas. */
  lines?: boolean | undefined
}

export function Legend({ id, labels, lines }: LegendProps): JSX.Element {
  return (
    <ul class="key plain">
      {labels.map((label, index) => {
        const name = (
          <>
            {lines ? <LineSwatch index={index} /> : <Swatch id={id} index={index} />}
            <bdi safe>{label}</bdi>
          </>
        )
        return (
          <li>
            <button type="button" class="js" aria-pressed="true">
              {name}
            </button>
            <span class="nojs">{name}</span>
          </li>
        )
      })}
      {lines || labels.length < 2 ? null : (
        <li>
          <button type="button" class="js quiet" aria-pressed="false" data-patterns>
            Patterns
          </button>
        </li>
      )}
    </ul>
  )
}
