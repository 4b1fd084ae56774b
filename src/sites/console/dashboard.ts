// /dashboard: what do I have, what did I use, by whom; the daily claim; and figures that follow every commit (SPEC CO-1).
import { Elysia } from "elysia"
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
import { AppError, DAY_MS, dayOf, nano, nextDayMs } from "../../app/index.ts"
import { signedOutEvents } from "../../http/index.ts"
import type { Owner, Wallet } from "../../ledger/index.ts"
import { SCOPE_LABELS } from "../auth/index.ts"
import { appName, movementsOf } from "./movements.ts"
import { type ConsoleDeps, signedIn, type Visit } from "./site.ts"

const MOVEMENTS = 10

export function dashboardRoutes(deps: ConsoleDeps) {
  const { web, ledger, plans, store } = deps
  const figures = signedIn(deps, (visit) => {
    const props = dashboard(deps, visit)
    return visit.page((frame) => DashboardFigures({ frame, ...props }))
  })
  return new Elysia()
    .get(
      "/dashboard",
      signedIn(deps, (visit) => {
        const props = dashboard(deps, visit)
        return visit.page((frame) => DashboardPage({ frame, ...props }))
      }),
    )
    .get("/dashboard/figures", (context) => {
      // A fragment must not become the sign-in page; the stream tells the page that the session is over.
      const token = web.cookies.read(context.request, "console")
      if (!deps.identity.sessionByToken(token, "console")) return new Response(null, { status: 204 })
      return figures(context)
    })
    .get("/dashboard/events", ({ request }) => events(deps, request))
    .post(
      "/claims",
      signedIn(deps, async (visit) => {
        const form = await web.form(visit.request)
        const back = dashboardPath(rangeOf(form.get("range")))
        try {
          const claimed = await store.write(visit.ctx("claimed daily credits"), (tx) => {
            plans.allocateDueIn(tx, visit.session.userId)
            const terms = plans.claimTermsIn(tx, visit.session.userId)
            return ledger.claimDailyIn(tx, { owner: visit.owner, mode: "live", ...terms, auto: false })
          })
          const days = claimed.streak > 1 ? ` ${claimed.streak} days in a row.` : ""
          return web.back(back, { kind: "ok", text: `Your daily credits have arrived.${days}` })
        } catch (error) {
          if (!(error instanceof AppError)) throw error
          return web.back(back, { kind: "info", text: error.message })
        }
      }),
      { parse: "none" },
    )
}

/** What the page and its figures show. */
function dashboard(deps: ConsoleDeps, visit: Visit): Omit<DashboardProps, "frame"> {
  const { ledger, usage, clock } = deps
  const now = clock.now()
  const range = rangeOf(new URL(visit.request.url).searchParams.get("range"))
  // Asked first: what moves while the rest is read makes the page ask again, never miss it.
  const stamp = stampOf(deps, visit)
  const wallet = ledger.wallet(visit.owner, "live")
  const use = usage.summary(visit.session.userId, "live", now, RANGES[range])
  return {
    now,
    stamp,
    range,
    balance: wallet.balanceNano,
    held: wallet.heldNano,
    debt: wallet.debtNano > 0 ? wallet.debtNano : undefined,
    nextExpiry: nextExpiryOf(wallet),
    claim: claimOf(deps, visit, now),
    plan: deps.plans.planOf(visit.session.userId).name,
    streakDays: ledger.claimStatus(visit.owner, "live").streak,
    usedToday: use.today.collectedNano,
    usedThisMonth: use.month.collectedNano,
    days: use.days.map(({ day, collectedNano }) => ({ dayMs: day * DAY_MS, used: collectedNano })),
    topApps: use.byClient
      .filter(({ collectedNano }) => collectedNano > 0)
      .map(({ clientId, collectedNano }) => ({
        label: appName(deps, clientId) ?? "Your own key",
        used: collectedNano,
      })),
    byType: use.byScope
      .filter(({ collectedNano }) => collectedNano > 0)
      .map(({ scope, collectedNano }) => ({ label: SCOPE_LABELS[scope] ?? scope, used: collectedNano })),
    movements: movementsOf(deps, ledger.history(visit.owner, "live", { limit: MOVEMENTS })),
  }
}

const rangeOf = (text: string | null): Range => (text && Object.hasOwn(RANGES, text) ? (text as Range) : DEFAULT_RANGE)

/** Every figure of the page but the clock: the wallet, the day, and whether a claim is due. */
function stampOf({ ledger, clock }: ConsoleDeps, { owner }: Pick<Visit, "owner">): string {
  const due = ledger.claimStatus(owner, "live").isDue ? "due" : "claimed"
  return `${ledger.stampOf(owner, "live")}.${dayOf(clock.now())}.${due}`
}

/** The credits that are lost first: all that expire at the next expiry. */
function nextExpiryOf({ lots, nextExpiryMs }: Wallet): DashboardProps["nextExpiry"] {
  if (nextExpiryMs === null) return undefined
  const due = lots.filter((lot) => lot.expiresMs === nextExpiryMs)
  const amount = nano(due.reduce((sum, lot) => sum + lot.remainingNano - lot.heldNano, 0))
  return amount > 0 ? { amount, atMs: nextExpiryMs } : undefined
}

/** A stream for the page in sight. It lives as long as the session does, which is looked at again and again. */
function events(deps: ConsoleDeps, request: Request): Response {
  const { identity, live, web } = deps
  const token = web.cookies.read(request, "console")
  const session = identity.sessionByToken(token, "console")
  if (!session) return signedOutEvents()
  const { userId } = session
  const owner: Owner = { kind: "principal", id: userId }
  const since = request.headers.get("last-event-id") ?? new URL(request.url).searchParams.get("since")
  return live.open(
    {
      key: userId,
      isAlive: () => identity.sessionByToken(token, "console")?.userId === userId,
      stamp: () => stampOf(deps, { owner }),
    },
    since,
  )
}

function claimOf(deps: ConsoleDeps, visit: Visit, now: number): Claim {
  const { ledger, plans } = deps
  const plan = plans.planOf(visit.session.userId)
  const status = ledger.claimStatus(visit.owner, "live")
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
