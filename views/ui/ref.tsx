// A link within words to a page that not everybody may open: to those who may not, its words alone, or nothing.
import { isOffered } from "./seat.ts"

export interface RefProps {
  href: string
  label: string
  /** What stands there without the page; default: the label. */
  otherwise?: string | undefined
}

export function Ref({ href, label, otherwise = label }: RefProps): JSX.Element {
  if (isOffered("GET", href))
    return (
      <a href={href}>
        <bdi safe>{label}</bdi>
      </a>
    )
  return otherwise === "" ? "" : <bdi safe>{otherwise}</bdi>
}
