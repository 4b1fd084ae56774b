// /admin/users/:user: look, suspend and reinstate, each with a reason.
import { AdminUserStatusPage } from "../../../views/admin/user-status.tsx"
import { AdminUserPage, type UserRow } from "../../../views/admin/users.tsx"
import { dateText, usdText } from "../../../views/ui/format.ts"
import type { FormView } from "../../../views/ui/index.ts"
import { nano } from "../../app/index.ts"
import { auditOf } from "../../audit/index.ts"
import { field, form } from "../../http/index.ts"
import type { User } from "../../identity/index.ts"
import { principal } from "../../ledger/index.ts"
import { ROLE_WORDS } from "../../teams/index.ts"
import { type PageRequest, type Status, undoBy, undoing } from "../base/index.ts"
import { actorName, labelOf, userOf } from "./people.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

const SUSPEND_FORM = form({ reason: field.reason() }, { submit: "Suspend", danger: true })
const REINSTATE_FORM = form({ reason: field.reason() }, { submit: "Reinstate" })

export function userRoutes(site: AdminSite, deps: AdminDeps): void {
  const { identity } = deps
  site.get("/admin/users/:user", (page, { user }) => detail(deps, page, userOf(deps, user)))
  site.form("/admin/users/:user/suspension", {
    summary: "Suspend a person",
    load: (_, params) => userOf(deps, params.user),
    form: SUSPEND_FORM,
    async act(page, { reason }, user) {
      await identity.suspend(page.ctx(reason), { userId: user.id, reason })
      return {
        to: `/admin/users/${user.publicId}`,
        say: `${user.email} is suspended.`,
        undo: undoBy(`/admin/users/${user.publicId}/reinstatement`, undoing(reason)),
      }
    },
    show: (page, form, user, status) => question(deps, page, user, form, status),
  })
  site.form("/admin/users/:user/reinstatement", {
    summary: "Reinstate a person",
    load: (_, params) => userOf(deps, params.user),
    form: REINSTATE_FORM,
    async act(page, { reason }, user) {
      await identity.unsuspend(page.ctx(reason), { userId: user.id, reason })
      return {
        to: `/admin/users/${user.publicId}`,
        say: `${user.email} can use Purser again.`,
        undo: undoBy(`/admin/users/${user.publicId}/suspension`, user.statusReason ?? undoing(reason)),
      }
    },
    show: (page, form, user, status) => question(deps, page, user, form, status),
  })
}

/**
 * What would happen to this person and their apps, before it does; opens as a dialog where scripts run. It asks what can be asked:
 * who is suspended already can only be reinstated.
 */
function question(deps: AdminDeps, page: PageRequest, user: User, form: FormView, status: Status): Response {
  const { identity, ledger, oauth } = deps
  const wallet = ledger.wallet(principal(user.id), "live")
  const isSuspended = user.status !== "active"
  const path = `/admin/users/${user.publicId}`
  const props = {
    user: { id: user.publicId, name: user.name, email: user.email, isSuspended },
    sessions: identity.sessionsOf(user.id).length,
    consents: oauth.consentsOf(user.id).map((consent) => consent.client.name),
    ownApps: oauth.clientsOf(user.id).length,
    balance: nano(wallet.balanceNano + wallet.heldNano),
    paidPlan: deps.billing.plans.ownOf(user.id)?.plan.name,
    form: {
      ...form,
      action: `${path}/${isSuspended ? "reinstatement" : "suspension"}`,
      submit: `${isSuspended ? "Reinstate" : "Suspend"} ${labelOf(user)}`,
      danger: !isSuspended,
    },
  }
  return page.render((frame) => AdminUserStatusPage({ frame, ...props }), status)
}

function detail(deps: AdminDeps, page: PageRequest, user: User): Response {
  const suspended = auditOf(deps.store.read, user.publicId).find((row) => row.action === "user.suspended")
  const apps = deps.oauth.consentsOf(user.id).map((consent) => ({
    id: consent.client.publicId,
    name: consent.client.name,
    lastUsedMs: deps.usage.lastCallAt(user.id, consent.clientId),
  }))
  const props = {
    now: deps.clock.now(),
    user: rowOf(deps, user),
    held: deps.ledger.wallet(principal(user.id), "live").heldNano,
    plan: deps.plans.planOf(user.id).name,
    passkeys: deps.identity.passkeysOf(user.id).length > 0,
    leavesMs: deps.privacy.leavesMs(user.id),
    twoStep: deps.identity.secondStepOf(user.id) !== null,
    apps,
    teams: deps.teams
      .of(user.id)
      .map(({ team, role }) => ({ id: team.publicId, name: team.name, role: ROLE_WORDS[role] })),
    subscription: subscriptionWords(deps, user),
    suspension:
      user.status === "suspended"
        ? {
            reason: user.statusReason ?? "",
            atMs: suspended?.atMs ?? user.createdMs,
            by: suspended ? actorName(deps, suspended.actor) : "somebody",
          }
        : undefined,
  }
  return page.render((frame) => AdminUserPage({ frame, ...props }))
}

/** What is charged by itself, and whether it is: suspended people are charged nothing. */
function subscriptionWords({ billing }: AdminDeps, user: User): string | undefined {
  const own = billing.plans.ownOf(user.id)
  if (!own) return undefined
  const { plan, priceNano, months, pausedMs, endsMs, periodEndMs } = own
  const what = `${plan.name}, ${usdText(priceNano)} a ${months === 12 ? "year" : "month"}`
  if (pausedMs !== null) return `They pay for ${what}. Since ${dateText(pausedMs)} nothing is charged for it.`
  if (user.status === "suspended")
    return `They pay for ${what}. The payment service is being asked to charge nothing until they are reinstated.`
  return endsMs === null
    ? `They pay for ${what}; the next payment is on ${dateText(periodEndMs)}.`
    : `They pay for ${what}; it ends on ${dateText(endsMs)}.`
}

function rowOf(deps: AdminDeps, user: User): UserRow {
  return {
    id: user.publicId,
    name: user.name,
    email: user.email,
    status: user.status !== "active" ? "suspended" : user.emailVerified ? "active" : "unverified",
    isDeveloper: deps.developers.developerOf(user.id) !== null,
    isAdmin: user.isAdmin,
    spendable: deps.ledger.wallet(principal(user.id), "live").spendableNano,
    createdAtMs: user.createdMs,
    lastSeenMs: deps.identity.sessionsOf(user.id)[0]?.seenMs ?? null,
  }
}
