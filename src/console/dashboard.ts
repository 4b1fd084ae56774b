// /dashboard: what do I have, what did I use, by whom; and the daily claim.
import { Elysia } from "elysia"
import { type Claim, DashboardPage } from "../../views/console/dashboard.tsx"
import type { Movement } from "../../views/console/movement.tsx"
import { AppError, DAY_MS, nano, nextDayMs } from "../app/index.ts"
import { SCOPE_LABELS } from "../auth/index.ts"
import type { HistoryRow } from "../ledger/index.ts"
import { type ConsoleDeps, signedIn, type Visit } from "./site.ts"

const TOP_APPS = 5
const MOVEMENTS = 10

export function dashboardRoutes(deps: ConsoleDeps) {
  const { web, ledger, plans, store } = deps
  return new Elysia()
    .get(
      "/dashboard",
      signedIn(deps, (visit) => dashboard(deps, visit)),
    )
    .post(
      "/claims",
      signedIn(deps, async (visit) => {
        await web.form(visit.request)
        try {
          const claimed = await store.write(visit.ctx("claimed daily credits"), (tx) => {
            const terms = plans.claimTermsIn(tx, visit.session.userId)
            return ledger.claimDailyIn(tx, { owner: visit.owner, mode: "live", ...terms, auto: false })
          })
          const days = claimed.streak > 1 ? ` ${claimed.streak} days in a row.` : ""
          return web.back("/dashboard", { kind: "ok", text: `Your daily credits have arrived.${days}` })
        } catch (error) {
          if (!(error instanceof AppError)) throw error
          return web.back("/dashboard", { kind: "info", text: error.message })
        }
      }),
      { parse: "none" },
    )
}

function dashboard(deps: ConsoleDeps, visit: Visit): Response {
  const { ledger, usage, clock } = deps
  const now = clock.now()
  const wallet = ledger.wallet(visit.owner, "live")
  const use = usage.summary(visit.session.userId, "live", now)
  const props = {
    now,
    spendable: wallet.spendableNano,
    held: wallet.heldNano,
    debt: wallet.debtNano > 0 ? wallet.debtNano : undefined,
    claim: claimOf(deps, visit, now),
    streakDays: ledger.claimStatus(visit.owner, "live").streak,
    usedToday: use.today.chargeNano,
    usedThisMonth: use.month.chargeNano,
    days: use.days.map(({ day, chargeNano }) => ({ dayMs: day * DAY_MS, used: chargeNano })),
    topApps: use.byClient
      .filter(({ chargeNano }) => chargeNano > 0)
      .slice(0, TOP_APPS)
      .map(({ clientId, chargeNano }) => ({ label: clientName(deps, clientId), used: chargeNano })),
    byType: use.byScope
      .filter(({ chargeNano }) => chargeNano > 0)
      .map(({ scope, chargeNano }) => ({ label: SCOPE_LABELS[scope] ?? scope, used: chargeNano })),
    movements: movementsOf(deps, ledger.history(visit.owner, "live", { limit: MOVEMENTS })),
  }
  return visit.page((frame) => DashboardPage({ frame, ...props }))
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

/** Ledger rows with what the usage domain knows of them: which app, which model, how many tokens, which shares. */
export function movementsOf(deps: Pick<ConsoleDeps, "usage" | "oauth">, rows: HistoryRow[]): Movement[] {
  const calls = deps.usage.byRequestIds(rows.flatMap((row) => (row.callId ? [row.callId] : [])))
  return rows.map((row): Movement => {
    const call = row.callId ? calls.get(row.callId) : undefined
    const base = {
      id: row.transactionId,
      atMs: row.atMs,
      type: row.type,
      amount: row.amountNano,
      balanceAfter: row.balanceAfterNano,
    }
    if (!call) return { ...base, note: row.type === "daily_bonus" || row.type === "expiry" ? null : row.reason }
    return {
      ...base,
      app: clientName(deps, call.clientId),
      model: call.model,
      inputTokens: call.inputTokens,
      outputTokens: call.outputTokens,
      parts: [
        { label: "Model price", amount: nano(call.upstreamNano) },
        { label: "Developer’s share", amount: nano(call.developerNano) },
        { label: "Platform’s share", amount: nano(call.platformNano) },
      ],
    }
  })
}

const clientName = (deps: Pick<ConsoleDeps, "oauth">, clientId: number): string =>
  deps.oauth.clientById(clientId)?.name ?? "An app"
