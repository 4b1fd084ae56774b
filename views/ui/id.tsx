// Ids of things: shortened in the middle for the eye, whole for readers, for a search in the page, for selecting and for copying.
import { Icon } from "./icon.tsx"

/** Letters at the end that are always seen: people compare them. */
const TAIL = 5

export interface IdProps {
  text: string
  /** Its page. */
  href?: string | undefined
}

/** Names such as "cli" stand among ids; nobody copies them. */
const SHORT = 12

/** The style sheet cuts the first part; nothing is left out of the text itself. */
export function Id({ text, href }: IdProps): JSX.Element {
  if (text.length <= SHORT && href === undefined) return <code safe>{text}</code>
  const head = text.slice(0, -TAIL)
  const code = (
    <code title={text}>
      <span class="id-head" safe>
        {head}
      </span>
      <span safe>{text.slice(head.length)}</span>
    </code>
  )
  return (
    <span class="id">
      {href === undefined ? code : <a href={href}>{code}</a>}
      <button class="copy" type="button" data-copy="" title="Copy">
        <Icon name="copy" />
        <span class="sr" aria-live="polite" safe>{`Copy ${text}`}</span>
      </button>
    </span>
  )
}
