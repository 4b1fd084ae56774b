// Small words in a row: what a list is narrowed to, what belongs to a thing. A state in a word is a `Badge`.
import { Icon, type IconName } from "./icon.tsx"
import type { Swaps } from "./segments.tsx"

export interface ChipProps extends Swaps {
  label: string
  /** The list narrowed to it. */
  href?: string | undefined
  current?: boolean | undefined
  icon?: IconName | undefined
  count?: string | undefined
  /** The same page without it; named "Remove …" for readers. */
  removeHref?: string | undefined
}

export function Chip({ label, href, current, icon, count, removeHref, swap }: ChipProps): JSX.Element {
  const face = (
    <>
      {icon ? <Icon name={icon} /> : null}
      <bdi title={label} safe>
        {label}
      </bdi>
      {count === undefined ? null : (
        <span class="quiet num" safe>
          {count}
        </span>
      )}
    </>
  )
  if (href !== undefined)
    return (
      <a class="tag-chip" href={href} aria-current={current ? "true" : undefined} data-swap={swap}>
        {face}
      </a>
    )
  return (
    <span class="tag-chip">
      {face}
      {removeHref === undefined ? null : (
        <a class="tag-chip-remove" href={removeHref}>
          <Icon name="cross" />
          <span class="sr" safe>{`Remove ${label}`}</span>
        </a>
      )}
    </span>
  )
}

/** Chips of one kind; a name for readers. */
export function Chips({ label, chips }: { label: string; chips: readonly ChipProps[] }): JSX.Element {
  return (
    <ul class="tag-chips plain" aria-label={label}>
      {chips.map((chip) => (
        <li>
          <Chip {...chip} />
        </li>
      ))}
    </ul>
  )
}
