// /credits: what a person has, lot by lot, and everything that happened, page by page. /credits.csv: the same, all of it.
import { Elysia } from "elysia"
import { type CreditsFilterProps, CreditsPage } from "../../../views/console/credits.tsx"
import type { LotRow } from "../../../views/console/lots.tsx"
import { AppError, LIMITS, limiter, nano } from "../../app/index.ts"
import type { Wallet } from "../../ledger/index.ts"
import type { Client } from "../../oauth/index.ts"
import { SCOPE_LABELS } from "../auth/index.ts"
import { creditsCsv } from "./credits-csv.ts"
import { type CreditsFilter, filterQuery, KINDS, readFilter } from "./credits-filter.ts"
import { creditsPage } from "./credits-page.ts"
import { movementsOf } from "./movements.ts"
import { type ConsoleDeps, signedIn, type Visit } from "./site.ts"

const EXPORTS: limiter.WindowRule = {
  ...{ kind: "window", name: "exports", window: "minute" },
  limit: LIMITS.exportsPerMinute,
}

export function creditsRoutes(deps: ConsoleDeps) {
  const counted = new limiter.MemoryStates(LIMITS.exportKeysMax)
  return new Elysia()
    .get(
      "/credits",
      signedIn(deps, (visit) => credits(deps, visit)),
    )
    .get(
      "/credits.csv",
      signedIn(deps, (visit) => {
        countExport(counted, visit, deps.clock.now())
        const filter = readFilter(new URL(visit.request.url).searchParams, deps.clock.now())
        return creditsCsv(deps, visit, filter, appsOf(deps, visit))
      }),
    )
}

/** @throws AppError rate_limit_exceeded */
function countExport(states: limiter.LimitStates, visit: Visit, now: number): void {
  const decision = limiter.decide(states, [{ key: String(visit.session.userId), rule: EXPORTS }], now)
  if (decision.admitted) return
  throw new AppError("rate_limit_exceeded", "Too many downloads at once. Wait a minute, then try again.", {
    retryAfterSeconds: Math.max(1, Math.ceil(((decision.retryAtMs ?? now) - now) / 1_000)),
  })
}

function credits(deps: ConsoleDeps, visit: Visit): Response {
  const now = deps.clock.now()
  const { searchParams } = new URL(visit.request.url)
  const filter = readFilter(searchParams, now)
  const apps = appsOf(deps, visit)
  const wallet = deps.ledger.wallet(visit.owner, "live")
  const page = creditsPage(deps, visit, filter, apps, {
    before: searchParams.get("before") ?? undefined,
    after: searchParams.get("after") ?? undefined,
  })
  const props = {
    now,
    spendable: wallet.spendableNano,
    held: wallet.heldNano,
    debt: wallet.debtNano > 0 ? wallet.debtNano : undefined,
    ...lotsOf(wallet, now),
    filter: filterProps(filter, apps, now),
    movements: movementsOf(deps, page.rows),
    newerHref: page.newer && `/credits${filterQuery(filter, page.newer)}#history`,
    olderHref: page.older && `/credits${filterQuery(filter, page.older)}#history`,
    stopped: page.stopped,
    csvHref: `/credits.csv${filterQuery(filter)}`,
  }
  return visit.page((frame) => CreditsPage({ frame, ...props }))
}

/** Apps this person ever called through, by name; their own keys (client 0) are not an app. */
function appsOf(deps: ConsoleDeps, visit: Visit): Client[] {
  return deps.usage
    .clientsOf(visit.session.userId)
    .flatMap((id) => deps.oauth.clientById(id) ?? [])
    .sort((a, b) => a.name.localeCompare(b.name, "en"))
}

function lotsOf(wallet: Wallet, now: number) {
  const lots: LotRow[] = wallet.lots.slice(0, LIMITS.lotsListed).map((lot) => ({
    bucket: lot.bucket,
    remaining: lot.remainingNano,
    held: lot.heldNano,
    expiresMs: lot.expiresMs,
    effectiveMs: lot.effectiveMs > now ? lot.effectiveMs : null,
    only: lot.restriction === null ? null : (SCOPE_LABELS[lot.restriction] ?? lot.restriction),
  }))
  const rest = wallet.lots.slice(LIMITS.lotsListed)
  const amount = nano(rest.reduce((sum, lot) => sum + lot.remainingNano, 0))
  return { lots, moreLots: rest.length > 0 ? { count: rest.length, amount } : undefined }
}

function filterProps(filter: CreditsFilter, apps: Client[], now: number): CreditsFilterProps {
  const isoDay = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  const today = isoDay(now)
  // A chosen range is also known as its days, so that "Custom" begins with what was shown.
  const isSpan = filter.range !== null && filter.range !== "custom" && filter.fromMs !== undefined
  return {
    kind: filter.kind?.name ?? "",
    app: filter.app ?? "",
    range: filter.range ?? "all",
    from: isSpan ? isoDay(filter.fromMs ?? now) : filter.from,
    to: isSpan ? today : filter.to,
    today,
    kinds: KINDS.map(({ name, label }) => ({ value: name, label })),
    apps: apps.map((app) => ({ value: app.publicId, label: app.name })),
    error: filter.error,
    errorIn: filter.errorIn,
    active: filter.kind !== null || filter.app !== null || filter.range !== null,
  }
}
