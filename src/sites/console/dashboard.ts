// /dashboard: what do I have, what did I use, by whom; the daily claim; and figures that follow every commit (SPEC CO-1).

import {
  type Claim,
  DashboardFigures,
  DashboardPage,
  type DashboardProps,
  DEFAULT_RANGE,
  dashboardPath,
  RANGES,
  type Range,
} from "../../../views/console/dashboard.tsx"
import { lotsShown } from "../../../views/console/lots.tsx"
import type { Movement } from "../../../views/console/movement.tsx"
import { creditsText } from "../../../views/ui/format.ts"
import { PERSON_DEFINITIONS } from "../../analytics/index.ts"
import { DAY_MS, dayOf, LIMITS, nano, nextDayMs } from "../../app/index.ts"
import { field, form, signedOutEvents } from "../../http/index.ts"
import type { Wallet } from "../../ledger/index.ts"
import { KIND_LABELS } from "../auth/index.ts"
import { type PageRequest, personOf, seated } from "../base/index.ts"
import { writtenFirst } from "./credits-days.ts"
import { appName, movementsOf } from "./movements.ts"
import { nextOf } from "./next.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

const MOVEMENTS = 10

const CLAIM_FORM = form({ range: field.hidden({ label: "Days shown" }) }, { submit: "Claim" })

export function dashboardRoutes(site: ConsoleSite, deps: ConsoleDeps): void {
  const { ledger, plans, store } = deps
  site.get("/dashboard", (page) => {
    const props = dashboard(deps, page)
    return page.render((frame) => DashboardPage({ frame, ...props }))
  })
  site.open("/dashboard/figures", (request) => {
    // A fragment must not become the sign-in page; the stream tells the page that the session is over.
    const person = personOf(deps, request)
    if (!person) return new Response(null, { status: 204 })
    const page = seated(person)
    const props = dashboard(deps, page)
    return page.render((frame) => DashboardFigures({ frame, ...props }))
  })
  site.open("/dashboard/events", (request) => events(deps, request))
  site.post("/claims", {
    form: CLAIM_FORM,
    load: (_page, _params, sent) => dashboardPath(rangeOf(sent("range"))),
    async act(page, _, back) {
      const claimed = await store.write(page.ctx("claimed daily credits"), (tx) => {
        plans.allocateDueIn(tx, page.session.userId)
        const terms = plans.claimTermsIn(tx, page.session.userId)
        return ledger.claimDailyIn(tx, { owner: page.owner, mode: "live", ...terms, auto: false })
      })
      const days = claimed.streak > 1 ? ` ${claimed.streak} days in a row.` : ""
      return { to: back, say: `Your daily credits have arrived: ${creditsText(claimed.grantedNano)}.${days}` }
    },
    back: (path) => path,
  })
}

/** What the page and its figures show: a person's own, or a team's. */
function dashboard(deps: ConsoleDeps, page: PageRequest): Omit<DashboardProps, "frame"> {
  const { ledger, usage, clock } = deps
  const now = clock.now()
  const range = rangeOf(new URL(page.request.url).searchParams.get("range"))
  // Asked first: what moves while the rest is read makes the page ask again, never miss it.
  const stamp = stampOf(deps, page)
  const wallet = ledger.wallet(page.owner, "live")
  const use = usage.summary(page.holder.id, "live", now, RANGES[range])
  return {
    now,
    stamp,
    range,
    balance: wallet.balanceNano,
    held: wallet.heldNano,
    debt: wallet.debtNano > 0 ? wallet.debtNano : undefined,
    nextExpiry: nextExpiryOf(wallet),
    ...(page.isTeam ? ofTeam(page, now) : ofPerson(deps, page, now)),
    usedToday: use.today.collectedNano,
    usedThisMonth: use.month.collectedNano,
    days: use.days.map(({ day, collectedNano }) => ({ dayMs: day * DAY_MS, used: collectedNano })),
    topApps: use.byClient
      .filter(({ collectedNano }) => collectedNano > 0)
      .map(({ clientId, collectedNano }) => ({
        label: appName(deps, clientId) ?? (page.isTeam ? "Keys of the team" : "Your own keys"),
        used: collectedNano,
      })),
    byType: use.byScope
      .filter(({ collectedNano }) => collectedNano > 0)
      .map(({ scope, collectedNano }) => ({ label: KIND_LABELS[scope] ?? scope, used: collectedNano })),
    movements: newestOf(deps, page),
    definitions: LABELS.map(([label, key]) => ({ label, words: PERSON_DEFINITIONS[key] })),
  }
}

type Own = Pick<DashboardProps, "sinceMs" | "claim" | "plan" | "streakDays" | "next" | "team">

const ofPerson = (deps: ConsoleDeps, page: PageRequest, now: number): Own => ({
  sinceMs: deps.identity.userById(page.session.userId)?.createdMs ?? now,
  claim: claimOf(deps, page, now),
  plan: deps.plans.planOf(page.session.userId).name,
  streakDays: deps.ledger.claimStatus(page.owner, "live").streak,
  next: nextOf(deps, page.session.userId),
})

/** Daily credits, plans and apps are people's. */
const ofTeam = ({ acts }: PageRequest, now: number): Own => ({
  sinceMs: acts?.team.createdMs ?? now,
  streakDays: 0,
  team: acts?.team.name,
})

const LABELS = [
  ["Current balance", "balance"],
  ["Used today", "today"],
  ["Used this month", "month"],
  ["Credits used", "used"],
  ["Top apps by usage", "byApp"],
  ["Usage by type", "byType"],
] as const satisfies readonly (readonly [string, keyof typeof PERSON_DEFINITIONS])[]

/** The same charge is the same figure here and on /credits. */
function newestOf(deps: ConsoleDeps, { owner, holder, isTeam }: PageRequest): Movement[] {
  const rows = deps.ledger.history(owner, "live", { limit: LIMITS.historyPageRows + 1 })
  const written = writtenFirst(rows)
  return movementsOf(deps, holder.id, rows.slice(0, MOVEMENTS), isTeam).map((row) => ({
    ...row,
    written: written.get(row.id),
  }))
}

const rangeOf = (text: string | null): Range => (text && Object.hasOwn(RANGES, text) ? (text as Range) : DEFAULT_RANGE)

/** Every figure of the page but the clock: the wallet, the day, and whether a claim is due. */
function stampOf({ ledger, clock }: ConsoleDeps, { owner }: Pick<PageRequest, "owner">): string {
  const due = ledger.claimStatus(owner, "live").isDue ? "due" : "claimed"
  return `${ledger.stampOf(owner, "live")}.${dayOf(clock.now())}.${due}`
}

/** The credits that are lost first: all that expire at the next expiry. */
function nextExpiryOf({ lots, nextExpiryMs }: Wallet): DashboardProps["nextExpiry"] {
  if (nextExpiryMs === null) return undefined
  const due = lots.filter((lot) => lot.expiresMs === nextExpiryMs)
  const amount = nano(due.reduce((sum, lot) => sum + lot.remainingNano - lot.heldNano, 0))
  if (amount <= 0) return undefined
  if (due.some((lot) => lot.heldNano > 0)) return { amount, atMs: nextExpiryMs }
  const { places, shown } = lotsShown(lots.map((lot) => lot.remainingNano))
  const written = shown.filter((_, at) => lots[at]!.expiresMs === nextExpiryMs)
  return { amount: nano(written.reduce((sum, one) => sum + one, 0)), places, atMs: nextExpiryMs }
}

/** A stream for the page in sight. It lives as long as the session does, which is looked at again and again. */
function events(deps: ConsoleDeps, request: Request): Response {
  const { identity, sse, web } = deps
  const token = web.cookies.read(request, "console")
  const session = identity.sessionByToken(token, "console")
  if (!session) return signedOutEvents()
  const { userId } = session
  const person = personOf(deps, request)
  if (!person) return signedOutEvents()
  const { owner, holder } = seated(person)
  const since = request.headers.get("last-event-id") ?? new URL(request.url).searchParams.get("since")
  return sse.open(
    {
      key: holder.id,
      isAlive() {
        const now = identity.sessionByToken(token, "console")
        return now?.userId === userId && deps.teams.seat(now)?.team.id === person.acts?.team.id
      },
      stamp: () => stampOf(deps, { owner }),
    },
    since,
  )
}

function claimOf(deps: ConsoleDeps, page: PageRequest, now: number): Claim {
  const { ledger, plans } = deps
  const plan = plans.planOf(page.session.userId)
  const status = ledger.claimStatus(page.owner, "live")
  const amount = plan.dailyClaimNano
  if (!status.isDue) return { state: "waiting", amount, nextAtMs: status.dueAtMs }
  const left = plan.freeBudgetCounts ? freeBudgetLeft(deps) : null
  if (left !== null && left < amount) return { state: "budget", amount, nextAtMs: nextDayMs(now) }
  return { state: "ready", amount }
}

function freeBudgetLeft({ plans, ledger }: ConsoleDeps): number | null {
  const budget = plans.freeBudgetNano()
  return budget === null ? null : budget - ledger.freeBudgetUsed("live")
}
