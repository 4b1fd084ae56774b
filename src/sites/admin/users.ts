// /admin/users: search, look, suspend and reinstate, each with a reason.
import { Elysia } from "elysia"
import { AdminUserStatusPage } from "../../../views/admin/user-status.tsx"
import {
  AdminUserPage,
  AdminUsersPage,
  USER_FILTERS,
  type UserFilter,
  type UserRow,
} from "../../../views/admin/users.tsx"
import { withQuery } from "../../../views/ui/index.ts"
import { AppError, nano } from "../../app/index.ts"
import { auditOf } from "../../audit/index.ts"
import type { Identity, User } from "../../identity/index.ts"
import type { Visit } from "../console/index.ts"
import { actorName, userOf } from "./people.ts"
import { type AdminDeps, asAdmin } from "./site.ts"

const NO_PARSE = { parse: "none" } as const
const PAGE_ROWS = 50
/** Longer than any address or id. */
const QUERY_CHARS_MAX = 200

export function adminUserRoutes(deps: AdminDeps) {
  const { identity } = deps
  return new Elysia()
    .get(
      "/admin/users",
      asAdmin(deps, (visit) => list(deps, visit)),
    )
    .get(
      "/admin/users/:id",
      asAdmin(deps, (visit, { id }) => detail(deps, visit, userOf(deps, id))),
    )
    .get(
      "/admin/users/:id/suspension",
      asAdmin(deps, (visit, { id }) => question(deps, visit, userOf(deps, id))),
    )
    .get(
      "/admin/users/:id/reinstatement",
      asAdmin(deps, (visit, { id }) => question(deps, visit, userOf(deps, id))),
    )
    .post(
      "/admin/users/:id/suspension",
      asAdmin(deps, (visit, { id }) => changeStatus(deps, visit, id, identity.suspend, "is suspended")),
      NO_PARSE,
    )
    .post(
      "/admin/users/:id/reinstatement",
      asAdmin(deps, (visit, { id }) => changeStatus(deps, visit, id, identity.unsuspend, "can use Purser again")),
      NO_PARSE,
    )
}

/** What would happen to this person and their apps, before it does; opens as a dialog where scripts run. */
function question(
  deps: AdminDeps,
  visit: Visit,
  user: User,
  failed?: { reason: string; errors: Record<string, string> },
): Response {
  const { identity, ledger, oauth } = deps
  const wallet = ledger.wallet({ kind: "principal", id: user.id }, "live")
  const props = {
    user: { id: user.publicId, name: user.name, email: user.email, isSuspended: user.status !== "active" },
    sessions: identity.sessionsOf(user.id).length,
    consents: oauth.consentsOf(user.id).map((consent) => consent.client.name),
    ownApps: oauth.clientsOf(user.id).length,
    balance: nano(wallet.balanceNano + wallet.heldNano),
    reason: failed?.reason,
    errors: failed?.errors,
  }
  return visit.page((frame) => AdminUserStatusPage({ frame, ...props }), { status: failed ? 422 : 200 })
}

/** Suspends or reinstates with the reason from the form; what is refused stays on the page with the reason kept. */
async function changeStatus(
  deps: AdminDeps,
  visit: Visit,
  id: string | undefined,
  act: Identity["suspend"],
  words: string,
): Promise<Response> {
  const form = await deps.web.form(visit.request)
  const user = userOf(deps, id)
  const reason = form.get("reason")
  const again = (errors: Record<string, string>) => question(deps, visit, user, { reason, errors })
  if (!reason) return again({ reason: "Give a reason, in a few words." })
  try {
    await act(visit.ctx(reason), { userId: user.id, reason })
    return deps.web.back(`/admin/users/${user.publicId}`, { kind: "ok", text: `${user.email} ${words}.` })
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "conflict") throw error
    return again({ form: error.message })
  }
}

function list(deps: AdminDeps, visit: Visit): Response {
  const search = new URL(visit.request.url).searchParams
  const query = (search.get("q") ?? "").trim().slice(0, QUERY_CHARS_MAX)
  const filter = filterOf(search.get("status"))
  const before = Number(search.get("before") ?? 0)
  const beforeId = Number.isSafeInteger(before) && before > 0 ? before : null
  const status = filter === "all" ? {} : { status: filter }
  const found = deps.identity.searchUsers({ query, ...status, limit: PAGE_ROWS + 1, beforeId })
  const users = found.slice(0, PAGE_ROWS)
  const last = users.at(-1)
  const keep = { q: query, status: filter === "all" ? undefined : filter }
  const props = {
    now: deps.clock.now(),
    query,
    filter,
    users: users.map((user) => rowOf(deps, user)),
    firstHref: beforeId ? withQuery("/admin/users", keep) : undefined,
    nextHref:
      found.length > PAGE_ROWS && last ? withQuery("/admin/users", { ...keep, before: String(last.id) }) : undefined,
  }
  return visit.page((frame) => AdminUsersPage({ frame, ...props }))
}

const filterOf = (text: string | null): UserFilter => USER_FILTERS.find((filter) => filter === text) ?? "all"

function detail(deps: AdminDeps, visit: Visit, user: User): Response {
  const suspended = auditOf(deps.store.read, user.publicId).find((row) => row.action === "user.suspended")
  const apps = deps.oauth.consentsOf(user.id).map((consent) => ({
    id: consent.client.publicId,
    name: consent.client.name,
    lastUsedMs: deps.usage.lastCallAt(user.id, consent.clientId),
  }))
  const props = {
    now: deps.clock.now(),
    user: rowOf(deps, user),
    held: deps.ledger.wallet({ kind: "principal", id: user.id }, "live").heldNano,
    plan: deps.plans.planOf(user.id).name,
    apps,
    suspension:
      user.status === "suspended"
        ? {
            reason: user.statusReason ?? "",
            atMs: suspended?.atMs ?? user.createdMs,
            by: suspended ? actorName(deps, suspended.actor) : "somebody",
          }
        : undefined,
  }
  return visit.page((frame) => AdminUserPage({ frame, ...props }))
}

function rowOf(deps: AdminDeps, user: User): UserRow {
  return {
    id: user.publicId,
    name: user.name,
    email: user.email,
    status: user.status !== "active" ? "suspended" : user.emailVerified ? "active" : "unverified",
    isDeveloper: deps.developers.developerOf(user.id) !== null,
    isAdmin: user.isAdmin,
    spendable: deps.ledger.wallet({ kind: "principal", id: user.id }, "live").spendableNano,
    createdAtMs: user.createdMs,
    lastSeenMs: deps.identity.sessionsOf(user.id)[0]?.seenMs ?? null,
  }
}
