// /admin/users and /admin/users.csv: the address read, asked of the read Worker, and shown; the file has the same filters, order and
// columns.
import { AdminUsersPage, type AdminUsersProps } from "../../../views/admin/users-list.tsx"
import type { SavedFilters } from "../../../views/ui/index.ts"
import { withQuery } from "../../../views/ui/index.ts"
import { dayOf, LIMITS, nano } from "../../app/index.ts"
import { gridState, type ListDef, type ListRequest, type PageRequest, readList } from "../base/index.ts"
import { csvResponse } from "./csv-response.ts"
import type { AdminDeps, AdminSite } from "./site.ts"
import {
  type ListedUser,
  takesLong,
  USER_ROLES,
  USER_STATES,
  type UserCount,
  type UserFacets,
  type UserSort,
  type UsersPage,
  type UsersQuery,
} from "./store-users.ts"

/** Longer than any address or id. */
const QUERY_CHARS_MAX = 200
const SPENT_DAYS = 30

const USERS_LIST: ListDef<UserSort> = {
  name: "users",
  path: "/admin/users",
  sorts: {
    joined: "descending",
    name: "ascending",
    seen: "descending",
    balance: "descending",
    spent: "descending",
  },
  sort: "joined",
  columns: { status: true, plan: true, balance: true, spent: false, joined: true, seen: true, id: false },
}

export function userListRoutes(site: AdminSite, deps: AdminDeps): void {
  site.get("/admin/users", (page) => list(deps, page))
  site.get("/admin/users.csv", (page) => {
    const list = readList(deps.web, USERS_LIST, page.request)
    const { query } = queryOf(deps, new URL(page.request.url).searchParams, list)
    const plans = Object.fromEntries(deps.plans.list().map((plan) => [plan.code, plan.name]))
    const rows = deps.exports.stream<string>("admin.users-csv", { query, columns: list.columns, plans })
    return csvResponse(rows, `purser-users-${new Date(deps.clock.now()).toISOString().slice(0, 10)}.csv`)
  })
}

interface Asked {
  query: UsersQuery
  /** As in the address. */
  text: { q: string; status: string | undefined; plan: string | undefined; role: string | undefined }
}

/** @param params of the address of the list */
export function queryOf(
  { clock, plans }: AdminDeps,
  params: URLSearchParams,
  list: Pick<ListRequest<UserSort>, "sort" | "place">,
): Asked {
  const query = (params.get("q") ?? "").trim().slice(0, QUERY_CHARS_MAX)
  const one = <T extends string>(values: readonly T[], name: string): T | null =>
    values.find((value) => value === params.get(name)) ?? null
  const codes = plans.list().map((plan) => plan.code)
  const facets: UserFacets = {
    state: one(USER_STATES, "status"),
    plan: one(codes, "plan"),
    role: one(USER_ROLES, "role"),
  }
  const { state, plan, role } = facets
  return {
    query: {
      query,
      facets,
      sort: list.sort,
      place: list.place,
      limit: LIMITS.historyPageRows,
      sinceDay: dayOf(clock.now()) - SPENT_DAYS + 1,
      nowMs: clock.now(),
    },
    text: { q: query, status: state ?? undefined, plan: plan ?? undefined, role: role ?? undefined },
  }
}

async function list(deps: AdminDeps, page: PageRequest): Promise<Response> {
  const list = readList(deps.web, USERS_LIST, page.request)
  const { query, text } = queryOf(deps, new URL(page.request.url).searchParams, list)
  // Where downloads are made, so that no page of figures waits for a look at everybody.
  const reads = takesLong(deps.store.read, query) ? deps.exports : deps.reads
  const found = await reads.ask<UsersPage>("admin.users", query)
  const names = new Map(deps.plans.list().map((plan) => [plan.code, plan.name]))
  const props: Omit<AdminUsersProps, "frame" | "saved"> = {
    now: deps.clock.now(),
    query: query.query,
    users: found.rows.map((user) => rowOf(user, names)),
    state: gridState(USERS_LIST, list, text, found),
    matching: peopleIn(found.counts, query.facets),
    total: found.total,
    facets: facetGroups(found.counts, query.facets, text, names),
  }
  const lists = deps.identity.savedLists(page.session.userId, USERS_LIST.path)
  const saved = (csrf: string): SavedFilters => ({ csrf, lists, action: "/admin/filters" })
  return page.render((frame) => AdminUsersPage({ frame, ...props, saved: saved(frame.csrf) }), {
    cookies: list.cookies,
  })
}

function rowOf(user: ListedUser, plans: ReadonlyMap<string, string>): AdminUsersProps["users"][number] {
  return {
    id: user.publicId,
    name: user.name,
    email: user.email,
    status: user.state,
    isDeveloper: user.isDeveloper === 1,
    isAdmin: user.isAdmin === 1,
    plan: plans.get(user.plan) ?? user.plan,
    balance: nano(user.balanceNano),
    spent: nano(user.spentNano),
    createdAtMs: user.createdMs,
    lastSeenMs: user.seenMs,
  }
}

function isIn(one: UserCount, { state, plan, role }: UserFacets): boolean {
  const hasRole = role === null || (role === "admin" ? one.isAdmin : one.isDeveloper) === 1
  return hasRole && (state === null || one.state === state) && (plan === null || one.plan === plan)
}

const peopleIn = (counts: readonly UserCount[], facets: UserFacets): number =>
  counts.reduce((sum, one) => sum + (isIn(one, facets) ? one.people : 0), 0)

const STATE_LABELS = { active: "Active", unverified: "Not verified", suspended: "Suspended" } as const
const ROLE_LABELS = { admin: "Admins", developer: "Developers" } as const

/** Each facet with the people it would leave, the other groups as they are. Plans that nobody is on are left out. */
function facetGroups(
  counts: readonly UserCount[],
  facets: UserFacets,
  text: Asked["text"],
  plans: ReadonlyMap<string, string>,
): AdminUsersProps["facets"] {
  const group = <K extends keyof UserFacets>(
    label: string,
    key: K,
    name: keyof Asked["text"],
    options: readonly { value: UserFacets[K]; label: string }[],
  ) => ({
    label,
    facets: options.map((option) => ({
      label: option.label,
      href: withQuery(USERS_LIST.path, { ...text, [name]: option.value ?? undefined }),
      rows: peopleIn(counts, { ...facets, [key]: option.value }),
      current: facets[key] === option.value,
    })),
  })
  const taken = [...plans].filter(
    ([code]) => code === facets.plan || counts.some((one) => one.plan === code && one.people > 0),
  )
  return [
    group("Status", "state", "status", [
      { value: null, label: "Everybody" },
      ...USER_STATES.map((value) => ({ value, label: STATE_LABELS[value] })),
    ]),
    group("Plan", "plan", "plan", [
      { value: null, label: "Any plan" },
      ...taken.map(([value, label]) => ({ value, label })),
    ]),
    group("Role", "role", "role", [
      { value: null, label: "Any role" },
      ...USER_ROLES.map((value) => ({ value, label: ROLE_LABELS[value] })),
    ]),
  ]
}
