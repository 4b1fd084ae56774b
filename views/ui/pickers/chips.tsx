// Chips of what was chosen: the server's at first, Alpine's from then on.
import { Icon } from "../icon.tsx"

interface ChipsProps {
  label: string
  items: readonly { value: string; label: string }[]
  disabled?: boolean | undefined
}

/** `label` names the list for readers: "Chosen models". */
export function Chips({ label, items, disabled }: ChipsProps): JSX.Element {
  return (
    <ul class="chips plain" aria-label={label} x-ref="chips">
      {items.map((item) => (
        <li class="chip" data-value={item.value}>
          <bdi safe>{item.label}</bdi>
          {disabled ? null : (
            <span class="chip-remove">
              <Icon name="cross" />
            </span>
          )}
        </li>
      ))}
      <template x-for="item in chosen" x-bind:key="item.value">
        <li class="chip">
          <bdi x-text="item.label"></bdi>
          {disabled ? null : (
            <button type="button" class="chip-remove" x-on:click="remove(item)">
              <Icon name="cross" />
              <span class="sr">
                {"Remove "}
                <bdi x-text="item.label"></bdi>
              </span>
            </button>
          )}
        </li>
      </template>
    </ul>
  )
}
