// A list as its address says it: order, place, columns. Columns are remembered by a cookie once a person chose them; all else stands in
// the address, so that every view of a list can be linked, kept under a name and taken as a file.
import type { GridState } from "../../../views/ui/index.ts"
import type { Web } from "../../http/index.ts"
import { type Place, placeText, readPlace } from "../../store/index.ts"

export interface ListDef<By extends string> {
  /** Names the cookie: `users`. */
  name: string
  /** `/admin/users` */
  path: string
  /** Orders there are, each with the way it goes at first: names rise, figures and times fall. */
  sorts: Readonly<Record<By, "ascending" | "descending">>
  /** The order without a choice. */
  sort: By
  /** Columns that may be left out, and whether they are shown at first. */
  columns: Readonly<Record<string, boolean>>
}

export interface ListRequest<By extends string> {
  sort: { by: By; descending: boolean }
  place: Place | null
  /** Of those that may be left out. */
  columns: readonly string[]
  /** To be set with the answer: a choice that was just made. */
  cookies: (string | null)[]
}

const YEAR_SECONDS = 365 * 86_400

/** @param params of the address: `sort=-joined`, `at=<place>`, `columns=1&column=plan&column=seen` */
export function readList<By extends string>(web: Web, def: ListDef<By>, request: Request): ListRequest<By> {
  const params = new URL(request.url).searchParams
  const asked = params.get("sort") ?? ""
  const by = (Object.keys(def.sorts) as By[]).find((each) => each === asked.replace(/^-/, ""))
  const sort = by
    ? { by, descending: asked.startsWith("-") }
    : { by: def.sort, descending: def.sorts[def.sort] === "descending" }
  const known = Object.keys(def.columns)
  const cookie = `list-${def.name}` as const
  const chosen = params.has("columns") ? params.getAll("column") : null
  const kept = web.cookies
    .readAll(request, "list")
    .find((each) => each.name === cookie)
    ?.value.split(".")
  const shown = chosen ?? kept ?? known.filter((column) => def.columns[column])
  const columns = known.filter((column) => shown.includes(column))
  return {
    sort,
    place: readPlace(params.get("at")),
    columns,
    cookies: chosen ? [web.cookies.set(cookie, columns.join("."), YEAR_SECONDS)] : [],
  }
}

/** `-joined`, for an address; undefined for the order without a choice. */
export const sortText = <By extends string>(def: ListDef<By>, { by, descending }: ListRequest<By>["sort"]) =>
  by === def.sort && descending === (def.sorts[by] === "descending") ? undefined : `${descending ? "-" : ""}${by}`

/** The list as the view needs it. @param query filters as they stand in the address */
export function gridState<By extends string>(
  def: ListDef<By>,
  list: ListRequest<By>,
  query: Record<string, string | undefined>,
  pages: { previous: Place | null; next: Place | null },
): GridState {
  return {
    path: def.path,
    query,
    sort: list.sort,
    sortText: sortText(def, list.sort),
    sorts: def.sorts,
    columns: list.columns,
    isFirst: list.place === null,
    previous: pages.previous && placeText(pages.previous),
    next: pages.next && placeText(pages.next),
  }
}
