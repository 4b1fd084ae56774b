// A few views of the same thing side by side, as links.

/** What a script puts in place of a whole page: ids of the parts that change, separated by spaces. Default: all of the content. */
export interface Swaps {
  swap?: string | undefined
}

export interface SegmentsProps extends Swaps {
  label: string
  links: readonly { label: string; href: string; current: boolean; spoken?: string | undefined }[]
}

/** Two to five views of the same thing, of which one is shown. */
export function Segments({ label, links, swap = "main" }: SegmentsProps): JSX.Element {
  return (
    <nav class="segments" aria-label={label}>
      {links.map((link) => (
        <a
          href={link.href}
          aria-current={link.current ? "true" : undefined}
          aria-label={link.spoken}
          data-swap={swap}
          safe
        >
          {link.label}
        </a>
      ))}
    </nav>
  )
}
