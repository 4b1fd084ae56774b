// A menu of what can be done with one thing, on the popover of the platform: opens, closes and gives back focus without scripts.
import { Icon, type IconName } from "./icon.tsx"
import { isOffered } from "./seat.ts"

export interface MenuItem {
  label: string
  href: string
  icon?: IconName | undefined
  danger?: boolean | undefined
  /** A link to a confirm page that opens in a dialog where scripts run. */
  dialog?: boolean | undefined
}

export interface MenuProps {
  /** Unique on the page. */
  id: string
  /** What the button says; names the thing for readers: "Actions for Storyteller". */
  label: string
  /** Shows three dots only; the label is still read out and shown as a tip. */
  dots?: boolean | undefined
  items: readonly MenuItem[]
}

export function Menu({ id, label, dots, items: all }: MenuProps): JSX.Element {
  const items = all.filter(({ href }) => isOffered("GET", href))
  if (items.length === 0) return ""
  return (
    <div class="menu-button">
      <button
        class={dots ? "button plain small dots" : "button plain small"}
        type="button"
        popovertarget={id}
        title={dots ? label : undefined}
      >
        {dots ? <Icon name="dots" /> : null}
        <span class={dots ? "sr" : undefined} safe>
          {label}
        </span>
        {dots ? null : <Icon name="down" />}
      </button>
      <div class="menu-list" id={id} popover="auto">
        <ul class="plain">
          {items.map((item) => (
            <li>
              <a href={item.href} class={item.danger ? "danger" : undefined} data-dialog={item.dialog ? "" : undefined}>
                {item.icon ? <Icon name={item.icon} /> : null}
                <span safe>{item.label}</span>
              </a>
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}
