// What one person finds: pages, their apps, and for admins people and ids. One list for the page of the search and for the palette; nothing is
// named to whom it would not be shown.
import type { SearchResult } from "../../../views/public/search.tsx"
import { withQuery } from "../../../views/ui/index.ts"
import { type AppError, MINUTE_MS, UserId } from "../../app/index.ts"
import { auditPage } from "../../audit/index.ts"
import { DIRECTORY_LIMITS, type Directory } from "../../directory/index.ts"
import type { Docs } from "../../docs/index.ts"
import type { Identity, User } from "../../identity/index.ts"
import type { Ledger } from "../../ledger/index.ts"
import type { Oauth } from "../../oauth/index.ts"
import type { Store } from "../../store/index.ts"
import { searchPages } from "./search.ts"

export interface FindDeps {
  identity: Pick<Identity, "searchUsers" | "userById">
  oauth: Pick<Oauth, "clientsOf" | "consentsOf">
  ledger: Pick<Ledger, "transactionOf">
  store: Pick<Store, "read">
  docs: Pick<Docs, "search">
  directory: Pick<Directory, "find">
}

/** Who asks; undefined = nobody who is signed in. */
export interface Finder {
  userId: UserId
  isDeveloper: boolean
  isAdmin: boolean
}

export const FIND_LIMITS = {
  /** Longer than any address or id. */
  queryCharsMax: 200,
  /** A list that fits on a screen. */
  pagesMax: 12,
  docsMax: 6,
  appsMax: 5,
  peopleMax: 5,
  /** Shorter parts are in almost every address. */
  peopleCharsMin: 2,
  /** Acts looked through for a request: its id says when it came, and its acts follow at once. */
  actsMax: 200,
  actsBeforeMs: 5_000,
  actsAfterMs: MINUTE_MS,
} as const

type Found = SearchResult

export function find(deps: FindDeps, typed: string, finder: Finder | undefined): Found[] {
  const query = typed.trim().slice(0, FIND_LIMITS.queryCharsMax)
  if (query === "") return []
  const places = searchPages(query, finder).slice(0, FIND_LIMITS.pagesMax)
  const pages = [...places, ...listedOf(deps, query), ...docsOf(deps, query)]
  if (!finder) return pages
  const apps = appsOf(deps, query, finder)
  const ids = finder.isAdmin ? idOf(deps, query) : []
  const people = finder.isAdmin ? peopleOf(deps, query) : []
  return [...ids, ...pages, ...apps, ...people]
}

/** Ids name one thing, and no page is about it. */
const IS_ID = /^(txn|req|usr)_/

/** Pages of the documentation, at the part where it stands. */
const docsOf = ({ docs }: FindDeps, query: string): Found[] =>
  (IS_ID.test(query) ? [] : docs.search(query))
    .slice(0, FIND_LIMITS.docsMax)
    .map(({ path, title, heading, anchor, snippet }) => ({
      href: anchor === null ? `/docs/${path}` : `/docs/${path}#${anchor}`,
      title: heading === null ? title : `${title}: ${heading}`,
      text: snippet.join(""),
      kind: "Docs" as const,
    }))

/** Apps that everybody may see. */
const listedOf = ({ directory }: FindDeps, query: string): Found[] =>
  IS_ID.test(query)
    ? []
    : directory
        .find({ q: query, category: "", tag: "", order: "best", place: null })
        .apps.slice(0, DIRECTORY_LIMITS.foundMax)
        .map(({ slug, name, tagline }) => ({
          href: `/directory/${encodeURIComponent(slug)}`,
          title: name,
          text: tagline,
          kind: "App" as const,
        }))

/** Each word is a part of the name; or the whole id. */
function appsOf({ oauth }: FindDeps, query: string, { userId, isDeveloper }: Finder): Found[] {
  const words = query.toLocaleLowerCase("en").split(/\s+/)
  const fits = (client: { name: string; publicId: string }) =>
    client.publicId === query || words.every((word) => client.name.toLocaleLowerCase("en").includes(word))
  const built = isDeveloper ? oauth.clientsOf(userId).filter((one) => one.removedMs === null && fits(one)) : []
  const used = oauth.consentsOf(userId).filter(({ client }) => fits(client))
  return [
    ...built.slice(0, FIND_LIMITS.appsMax).map((client) => ({
      href: `/developer/apps/${client.publicId}`,
      title: client.name,
      text: "An app you build",
      kind: "App" as const,
    })),
    ...used.slice(0, FIND_LIMITS.appsMax).map(({ client }) => ({
      href: "/apps",
      title: client.name,
      text: "An app that can use your account",
      kind: "App" as const,
    })),
  ]
}

const personOf = (user: User): Found => ({
  href: `/admin/users/${user.publicId}`,
  title: user.name ?? user.email,
  text: user.email,
  kind: "Person",
})

/** By any part of name or address, or by id; the last leads to all of them when there are more. */
function peopleOf({ identity }: FindDeps, query: string): Found[] {
  if (query.length < FIND_LIMITS.peopleCharsMin) return []
  const found = identity.searchUsers({ query, limit: FIND_LIMITS.peopleMax + 1 })
  const people = found.slice(0, FIND_LIMITS.peopleMax).map(personOf)
  if (found.length <= FIND_LIMITS.peopleMax) return people
  const text = `More than ${FIND_LIMITS.peopleMax} people have this in their name or address.`
  const all = {
    href: withQuery("/admin/users", { q: query }),
    title: `Users with “${query}”`,
    text,
    kind: "Page" as const,
  }
  return [...people, all]
}

/** A transaction on the page of its wallet; a request among the acts of its minute. People are found by their id as by their name. */
function idOf(deps: FindDeps, query: string): Found[] {
  if (query.startsWith("txn_")) return transactionOf(deps, query)
  return query.startsWith("req_") ? requestOf(deps, query) : []
}

function transactionOf({ ledger, identity }: FindDeps, id: string): Found[] {
  const view = quietly(() => ledger.transactionOf(id))
  for (const { owner } of view?.entries ?? []) {
    const user = owner.kind === "principal" ? identity.userById(UserId(owner.id)) : null
    if (!user) continue
    const href = `/admin/users/${user.publicId}/wallet/transactions/${id}`
    return [{ href, title: id, text: `A transaction of ${user.email}`, kind: "Id" }]
  }
  return []
}

/** An id that is no id finds nothing. */
function quietly<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if ((error as AppError).code === "not_found") return null
    throw error
  }
}

const ULID_TIME = /^req_([0-7][0-9A-HJKMNP-TV-Z]{9})[0-9A-HJKMNP-TV-Z]{16}$/
const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

/** When an id was made, ms (ULID: 48 bits of time in Crockford's base 32). */
export function timeOf(id: string): number | null {
  const digits = ULID_TIME.exec(id)?.[1]
  return digits ? [...digits].reduce((sum, digit) => sum * 32 + CROCKFORD.indexOf(digit), 0) : null
}

function requestOf({ store }: FindDeps, id: string): Found[] {
  const atMs = timeOf(id)
  if (atMs === null) return []
  const { actsBeforeMs, actsAfterMs, actsMax } = FIND_LIMITS
  const acts = auditPage(store.read, { fromMs: atMs - actsBeforeMs, toMs: atMs + actsAfterMs, limit: actsMax })
  const act = acts.find(({ requestId }) => requestId === id)
  if (!act) return []
  const href = `/admin/audit?${new URLSearchParams({ subject: act.subject, action: act.action })}`
  return [{ href, title: id, text: `${act.action} by ${act.actor}`, kind: "Id" }]
}
