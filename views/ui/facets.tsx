// Facets: what a list may be narrowed to, each with how many rows it would leave. Links, so that each has an address.
import { count } from "./format.ts"

export interface Facet {
  label: string
  href: string
  /** Rows it would leave. */
  rows: number
  current?: boolean | undefined
}

export interface FacetsProps {
  /** "Status" */
  label: string
  facets: readonly Facet[]
  /** Id of the part that is swapped. */
  swap: string
}

/** One group; the first facet is usually "All". Those that would leave nothing are quiet, and can still be followed. */
export function Facets({ label, facets, swap }: FacetsProps): JSX.Element {
  return (
    <nav class="facets" aria-label={label}>
      <span class="facets-label quiet" aria-hidden="true" safe>
        {label}
      </span>
      <ul class="plain">
        {facets.map((facet) => (
          <li>
            <a
              href={facet.href}
              data-swap={swap}
              class={facet.rows === 0 ? "none" : undefined}
              aria-current={facet.current ? "true" : undefined}
            >
              <bdi safe>{facet.label}</bdi>
              <span class="num facet-rows" safe>
                {count(facet.rows)}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
