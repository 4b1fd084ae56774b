// A few reasons, one a line.
import { Icon } from "../../ui/index.ts"

export function Ticks({ lines }: { lines: readonly string[] }): JSX.Element {
  return (
    <ul class="ticks plain">
      {lines.map((line) => (
        <li>
          <Icon name="check" />
          <span safe>{line}</span>
        </li>
      ))}
    </ul>
  )
}
