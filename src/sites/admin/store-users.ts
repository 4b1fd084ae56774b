// The list of people as the admin sees it: who matches, in any order, a page at a time; how many there are of each sort. Runs in the
// read Worker, over the views that domains publish.
import { peopleWhere } from "../../identity/index.ts"
import { type KeysetPage, keyset, type Place, pageOf, type Reader, type SqlValue } from "../../store/index.ts"

export const USER_STATES = ["active", "unverified", "suspended"] as const
export type UserState = (typeof USER_STATES)[number]
export const USER_ROLES = ["admin", "developer"] as const
export type UserRole = (typeof USER_ROLES)[number]
export const USER_SORTS = ["joined", "name", "seen", "balance", "spent"] as const
export type UserSort = (typeof USER_SORTS)[number]

export interface UserFacets {
  state: UserState | null
  /** Code of a plan. */
  plan: string | null
  role: UserRole | null
}

export interface UsersQuery {
  query: string
  facets: UserFacets
  sort: { by: UserSort; descending: boolean }
  place: Place | null
  limit: number
  /** First UTC day of what was spent lately. */
  sinceDay: number
  /** Plans that are paid for end. */
  nowMs: number
}

export interface ListedUser {
  id: number
  publicId: string
  email: string
  name: string | null
  state: UserState
  plan: string
  isAdmin: 0 | 1
  isDeveloper: 0 | 1
  createdMs: number
  seenMs: number | null
  /** What is booked on the wallet, in n$, held parts included. */
  balanceNano: number
  /** What calls took from it since `sinceDay`, in n$. */
  spentNano: number
}

/** How many people there are of one combination, among those that the search finds. */
export interface UserCount {
  state: UserState
  plan: string
  isAdmin: 0 | 1
  isDeveloper: 0 | 1
  people: number
}

export interface UsersPage extends KeysetPage<ListedUser> {
  counts: UserCount[]
  /** Everybody, whatever is searched for. */
  total: number
}

/** `?`: which plans count then. */
const PERSON = `SELECT u.id, u.public_id AS publicId, u.email, u.name, u.sort_name AS sortName, u.created_ms AS createdMs, u.is_admin AS isAdmin,
    CASE WHEN u.status = 'suspended' THEN 'suspended' WHEN u.email_verified_ms IS NULL THEN 'unverified' ELSE 'active' END AS state,
    COALESCE((SELECT plan FROM v_plan_holdings p WHERE p.user_id = u.id AND (p.until_ms IS NULL OR p.until_ms > ?)
              ORDER BY p.price_nano DESC, p.until_ms DESC LIMIT 1), 'free') AS plan,
    u.id IN (SELECT user_id FROM v_developer_developers) AS isDeveloper
  FROM v_identity_users u`

/** Test users are no people: their own pages and the search show them. `+`: nearly everybody is none, so that it is no way to find them. */
const LISTED = "u.status <> 'deleted' AND +u.test_of IS NULL"

/** Folded days of the books and the charges behind them; `?` twice: the first day. */
const SPENT = `SELECT account_id, SUM(collected_nano) AS spent FROM (
    SELECT account_id, collected_nano FROM v_charge_days WHERE day >= ?
    UNION ALL
    SELECT account_id, collected_nano FROM v_charges WHERE id > (SELECT through FROM v_charge_fold) AND day >= ?)
  GROUP BY account_id`

interface SortSql {
  key: string
  join: string
  /** Whether the join asks for the first day, twice. */
  days?: true
}

/** Each looks at what it needs and no more: the rest is read for the rows of the page. */
const SORTS: Record<UserSort, SortSql> = {
  joined: { key: "person.id", join: "" },
  name: { key: "COALESCE(person.sortName, person.email)", join: "" },
  seen: {
    key: "COALESCE(seen.ms, 0)",
    join: "LEFT JOIN (SELECT user_id, MAX(seen_ms) AS ms FROM v_identity_sessions GROUP BY user_id) seen ON seen.user_id = person.id",
  },
  balance: {
    key: "COALESCE(w.balance_nano, 0)",
    join: "LEFT JOIN v_ledger_person_wallets w ON w.user_id = person.id AND w.mode = 'live'",
  },
  spent: {
    key: "COALESCE(s.spent, 0)",
    join: `LEFT JOIN v_ledger_person_wallets w ON w.user_id = person.id AND w.mode = 'live'
           LEFT JOIN (${SPENT}) s ON s.account_id = w.account_id`,
    days: true,
  },
}

/** Few are not active, look after the house, publish or have a plan: these are found by their rows and not among everybody. */
const FEW_OF_STATE: Record<UserState, string> = {
  active: "",
  unverified: "u.email_verified_ms IS NULL",
  suspended: "u.status <> 'active' AND u.status = 'suspended'",
}
const FEW_OF_ROLE: Record<UserRole, string> = {
  admin: "u.is_admin = 1",
  developer: "u.id IN (SELECT user_id FROM v_developer_developers)",
}

/** From so many people on a look at all of them is felt by whoever waits for another page: 0.1 s and more. */
const MANY_PEOPLE = 50_000

/** Whether a page takes as long as there are people, and they are many: words may be anybody's, and some orders are of sums. */
export const takesLong = (reader: Reader, { query, sort }: UsersQuery): boolean =>
  (query.trim() !== "" || SORTS[sort.by].join !== "") && totalOf(statesOf(reader)) > MANY_PEOPLE

interface Conditions {
  where: string
  params: SqlValue[]
}

/** `few`: over `u`, what the facets leave of everybody at most; `where`: over `person`, what they leave. */
function facetsWhere({ state, plan, role }: UserFacets): Conditions & { few: Conditions } {
  const few = [
    state === null ? "" : FEW_OF_STATE[state],
    plan === null || plan === "free" ? "" : "u.id IN (SELECT user_id FROM v_plan_holdings WHERE plan = ?)",
    role === null ? "" : FEW_OF_ROLE[role],
  ].filter(Boolean)
  const conditions = [
    state === null ? "" : "person.state = ?",
    plan === null ? "" : "person.plan = ?",
    role === "admin" ? "person.isAdmin = 1" : role === "developer" ? "person.isDeveloper = 1" : "",
  ].filter(Boolean)
  return {
    few: { where: few.join(" AND ") || "TRUE", params: plan === null || plan === "free" ? [] : [plan] },
    where: conditions.join(" AND ") || "TRUE",
    params: [state, plan].filter((value) => value !== null),
  }
}

interface Sorted {
  id: number
  sortKey: string | number
}

/** One page of those who match, with what the list shows of them. */
export function usersRows(reader: Reader, query: UsersQuery): KeysetPage<ListedUser> {
  const { place, limit, sinceDay } = query
  const sort = SORTS[query.sort.by]
  const search = peopleWhere(query.query)
  const facets = facetsWhere(query.facets)
  const page = keyset({ key: sort.key, id: "person.id", descending: query.sort.descending }, place)
  const found = reader.all<Sorted>(
    `WITH person AS (${PERSON} WHERE ${LISTED} AND ${search.where} AND ${facets.few.where})
     SELECT person.id, ${sort.key} AS sortKey FROM person ${sort.join}
     WHERE ${facets.where} AND ${page.where} ORDER BY ${page.order} LIMIT ?`,
    query.nowMs,
    ...search.params,
    ...facets.few.params,
    ...(sort.days ? [sinceDay, sinceDay] : []),
    ...facets.params,
    ...page.params,
    limit + 1,
  )
  const placed = pageOf(found, limit, place, (row) => ({ key: row.sortKey, id: row.id }))
  return { ...placed, rows: listed(reader, placed.rows, query) }
}

type Figures = Pick<ListedUser, "id" | "seenMs" | "balanceNano" | "spentNano">

/** What is shown of people is read once they are chosen: to put a million in order it would be read of all. */
function listed(reader: Reader, rows: readonly Sorted[], { sinceDay, nowMs }: UsersQuery): ListedUser[] {
  const ids = JSON.stringify(rows.map(({ id }) => id))
  const people = reader.all<Omit<ListedUser, keyof Figures> & { id: number }>(
    `SELECT * FROM (${PERSON}) WHERE id IN (SELECT value FROM json_each(?))`,
    nowMs,
    ids,
  )
  const personOf = new Map(people.map((one) => [one.id, one]))
  const figures = reader.all<Figures>(
    `WITH RECURSIVE
       day (n) AS (SELECT ?1 UNION ALL SELECT n + 1 FROM day WHERE n < ?1 + 30),
       tail AS MATERIALIZED (
         SELECT account_id, SUM(collected_nano) AS spent FROM v_charges
         WHERE id > (SELECT through FROM v_charge_fold) AND day >= ?1 GROUP BY +account_id)
     SELECT j.value AS id,
       (SELECT MAX(seen_ms) FROM v_identity_sessions s WHERE s.user_id = j.value) AS seenMs,
       COALESCE(w.balance_nano, 0) AS balanceNano,
       COALESCE((SELECT SUM(d.collected_nano) FROM day CROSS JOIN v_charge_days d ON d.day = day.n AND d.account_id = w.account_id), 0)
         + COALESCE((SELECT spent FROM tail WHERE tail.account_id = w.account_id), 0) AS spentNano
     FROM json_each(?2) j LEFT JOIN v_ledger_person_wallets w ON w.user_id = j.value AND w.mode = 'live'`,
    sinceDay,
    ids,
  )
  const figuresOf = new Map(figures.map((one) => [one.id, one]))
  return rows.map(({ id }) => ({ ...personOf.get(id)!, ...figuresOf.get(id)! }))
}

/** A page and the counts beside it, of one moment. */
export function usersPage(reader: Reader, query: UsersQuery): UsersPage {
  const all = statesOf(reader)
  const search = peopleWhere(query.query)
  const counts =
    query.query.trim() === "" ? countsOfAll(reader, query.nowMs, all) : countsOf(reader, query.nowMs, search)
  return { ...usersRows(reader, query), counts, total: totalOf(all) }
}

const countsOf = (reader: Reader, nowMs: number, { where, params }: Conditions): UserCount[] =>
  reader.all<UserCount>(
    `WITH person AS (${PERSON} WHERE ${LISTED} AND ${where})
     SELECT state, plan, isAdmin, isDeveloper, COUNT(*) AS people FROM person GROUP BY 1, 2, 3, 4`,
    nowMs,
    ...params,
  )

/** Everybody by state, as identity keeps it. */
const statesOf = (reader: Reader): ReadonlyMap<UserState, number> =>
  new Map(
    reader
      .all<{ state: UserState; people: number }>(
        `SELECT CASE WHEN status = 'suspended' THEN 'suspended' WHEN verified THEN 'active' ELSE 'unverified' END AS state, SUM(people) AS people
         FROM v_identity_user_counts WHERE status <> 'deleted' AND test = 0 GROUP BY 1`,
      )
      .map(({ state, people }) => [state, people]),
  )

const totalOf = (states: ReadonlyMap<UserState, number>): number =>
  [...states.values()].reduce((sum, people) => sum + people, 0)

/** Whoever has a plan, publishes or looks after the house is counted one by one; all others of a state are the rest of it. */
const NOTABLE = `u.id IN (SELECT user_id FROM v_plan_holdings WHERE plan <> 'free' UNION SELECT user_id FROM v_developer_developers
  UNION SELECT id FROM v_identity_users WHERE is_admin = 1)`

function countsOfAll(reader: Reader, nowMs: number, all: ReadonlyMap<UserState, number>): UserCount[] {
  // Whose plan is over is as all others are.
  const notable = countsOf(reader, nowMs, { where: NOTABLE, params: [] }).filter(
    ({ plan, isAdmin, isDeveloper }) => plan !== "free" || isAdmin === 1 || isDeveloper === 1,
  )
  const others = [...all].map(([state, people]) => ({
    state,
    plan: "free",
    isAdmin: 0 as const,
    isDeveloper: 0 as const,
    people: notable.reduce((left, one) => (one.state === state ? left - one.people : left), people),
  }))
  return [...notable, ...others.filter(({ people }) => people > 0)]
}

export interface MatchingUsers {
  /** The newest first, at most so many as were asked for. */
  people: { id: number; publicId: string; name: string | null; email: string; state: UserState }[]
  /** All who match. */
  total: number
}

/** Whom the filters leave, as an act for all of them needs it. */
export function usersMatching(
  reader: Reader,
  query: Pick<UsersQuery, "query" | "facets" | "limit" | "nowMs">,
): MatchingUsers {
  const search = peopleWhere(query.query)
  const facets = facetsWhere(query.facets)
  const from = `WITH person AS (${PERSON} WHERE ${LISTED} AND ${search.where} AND ${facets.few.where})`
  const params = [query.nowMs, ...search.params, ...facets.few.params, ...facets.params]
  const people = reader.all<MatchingUsers["people"][number]>(
    `${from} SELECT id, publicId, name, email, state FROM person WHERE ${facets.where} ORDER BY id DESC LIMIT ?`,
    ...params,
    query.limit,
  )
  if (people.length < query.limit) return { people, total: people.length }
  const all = reader.get<{ n: number }>(`${from} SELECT COUNT(*) AS n FROM person WHERE ${facets.where}`, ...params)
  return { people, total: all?.n ?? 0 }
}
