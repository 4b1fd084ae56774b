// Finding apps: by words in the order of the index, else by an order of the list, page by page.
import { askedFor } from "../marketplace/index.ts"
import type { Reader } from "../store/index.ts"
import { DIRECTORY_LIMITS as L } from "./limits.ts"
import { among, categoriesOf, isEmpty, listed, matchesOf, placeOf } from "./store-cards.ts"
import type { DirectoryPage, DirectoryQuery, ListedApp } from "./types.ts"

export function findApps(reader: Reader, query: DirectoryQuery): DirectoryPage {
  const asked = askedFor(query.q)
  const found =
    asked.match === null
      ? listed(reader, query, asked)
      : among(reader, query, asked, behind(matchesOf(reader, asked.match), query))
  const apps = found.slice(0, L.pageRows)
  const last = found.length > L.pageRows ? apps.at(-1) : undefined
  return {
    apps,
    next: last ? nextOf(query, asked.match, last) : null,
    categories: categoriesOf(reader),
    isEmpty: apps.length === 0 && isEmpty(reader),
  }
}

/** In a search a place is the app that the page before ended with; one that is gone begins at the top. */
const behind = (ids: readonly number[], { place }: DirectoryQuery): readonly number[] =>
  place ? ids.slice(ids.indexOf(place.id) + 1) : ids

const nextOf = (query: DirectoryQuery, match: string | null, last: ListedApp) =>
  match === null ? placeOf(query.order, last) : { key: "found", id: last.clientId }
