// What a site says of its addresses, once: who may see one, what it answers, and where people find it. Router, sidebar, search, the
// walks of all routes and the pictures are made from these lists.
import type { NavGroup } from "../../../views/layout/index.ts"
import type { IconName } from "../../../views/ui/index.ts"

/** Who has something to see there. A `developer` is a person whose pages show more; the owner of what the path names is meant. */
export type Viewer = "anyone" | "person" | "developer" | "admin"

export type NavTitle = "" | "Developer" | "Admin"

export interface NavPlace {
  /** "" is the part without a title. */
  group: NavTitle
  label: string
  icon: IconName
  /** Lower comes first within its group. */
  order: number
  /** Whose sidebar. Default: the viewer's. */
  for?: Viewer | "newcomer" | undefined
  /** Only the exact path counts as here. */
  exact?: boolean
}

export interface PageEntry {
  /** Parameters are named by what they are: `:user`, `:app`, `:plan`. */
  path: string
  viewer: Viewer
  /** Default `page`. What a browser gets: a document, another address, or something for programs. */
  kind?: "page" | "redirect" | "data" | "stream"
  title: string
  nav?: NavPlace | readonly NavPlace[]
  /** Makes it a result of the search. */
  search?: {
    /** One sentence of what is there. */
    text: string
    /** Words that people use for it, beside those of title and text. */
    words: string
    /** Default: the viewer. `stranger` = only those who are not signed in. */
    for?: Viewer | "stranger"
  }
  /** Query of the address that tests walk. */
  query?: string
}

/** What is known of who asks. */
export interface Seeker {
  isDeveloper: boolean
  isAdmin: boolean
}

/** `stranger`: not signed in; `newcomer`: signed in and no developer. */
export function maySee(viewer: Viewer | "stranger" | "newcomer", seeker: Seeker | undefined): boolean {
  if (viewer === "anyone") return true
  if (viewer === "stranger") return seeker === undefined
  if (!seeker) return false
  if (viewer === "newcomer") return !seeker.isDeveloper
  return viewer === "person" || (viewer === "developer" ? seeker.isDeveloper : seeker.isAdmin)
}

const TITLES: readonly NavTitle[] = ["", "Developer", "Admin"]

/** The parts of the sidebar that this person has. */
export function navOf(
  pages: readonly PageEntry[],
  seeker: Seeker | undefined,
  isOpen: (path: string) => boolean = () => true,
): NavGroup[] {
  const places = pages
    .filter(({ path, viewer }) => viewer === "anyone" || viewer === "admin" || isOpen(path))
    .flatMap((page) =>
      [page.nav ?? []]
        .flat()
        .filter((nav) => maySee(nav.for ?? page.viewer, seeker))
        .map((nav) => ({ ...nav, href: page.path })),
    )
  return TITLES.map((title) => ({
    title: title === "" ? null : title,
    links: places
      .filter((place) => place.group === title)
      .toSorted((a, b) => a.order - b.order)
      .map(({ href, label, icon, exact }) => ({ href, label, icon, exact })),
  })).filter((group) => group.links.length > 0)
}
