// People among the results of the site's search, for admins.
import type { SearchResult } from "../../../views/public/search.tsx"
import { plural } from "../../../views/ui/format.ts"
import { withQuery } from "../../../views/ui/index.ts"
import type { Identity } from "../../identity/index.ts"
import { labelOf } from "./people.ts"

const SHOWN = 5
/** Shorter parts are in almost every address. */
const QUERY_CHARS_MIN = 2

/** By any part of name or address, or by id; the last leads to all of them when there are more. */
export function peopleFound({ searchUsers }: Pick<Identity, "searchUsers">, query: string): SearchResult[] {
  if (query.trim().length < QUERY_CHARS_MIN) return []
  const found = searchUsers({ query, limit: SHOWN + 1 })
  const people = found.slice(0, SHOWN).map((user) => ({
    href: `/admin/users/${user.publicId}`,
    title: labelOf(user),
    text: user.email,
  }))
  if (found.length <= SHOWN) return people
  const text = `More than ${plural(SHOWN, "person", "people")} have this in their name or address.`
  return [...people, { href: withQuery("/admin/users", { q: query }), title: `Users with “${query}”`, text }]
}
