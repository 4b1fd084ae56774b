// /credits: what a person has, lot by lot, and everything that happened, page by page. /credits.csv: the same, all of it.
import type { CreditsFilterProps } from "../../../views/console/credits/history.tsx"
import { CreditsPage, type CreditsProps } from "../../../views/console/credits/page.tsx"
import type { CreditsSections } from "../../../views/console/credits/sections.tsx"
import type { LotRow } from "../../../views/console/lots.tsx"
import { LIMITS, nano } from "../../app/index.ts"
import type { Wallet } from "../../ledger/index.ts"
import type { Client } from "../../oauth/index.ts"
import { SCOPE_LABELS } from "../auth/index.ts"
import type { PageRequest, Status } from "../base/index.ts"
import { withCoupon } from "./buy.ts"
import { creditsCsv } from "./credits-csv.ts"
import { countOf, daysOf } from "./credits-days.ts"
import { type CreditsFilter, filterQuery, KINDS, readFilter } from "./credits-filter.ts"
import { type Cursor, creditsPage } from "./credits-page.ts"
import { sectionsOf } from "./credits-sections.ts"
import { countDownloads } from "./downloads.ts"
import { movementsOf } from "./movements.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<ConsoleDeps, "clock" | "ledger" | "usage" | "oauth" | "keys" | "exports">

type Statement = Pick<CreditsProps, "days" | "total" | "newerHref" | "olderHref">

export function creditsRoutes(site: ConsoleSite, deps: ConsoleDeps): void {
  const count = countDownloads(deps.clock, "exports", LIMITS.exportsPerMinute)
  site.get("/credits", async (page) => {
    const code = new URL(page.request.url).searchParams.get("coupon")
    return creditsAnswer(deps, page, code === null ? {} : await withCoupon(deps, page, code))
  })
  site.get("/credits.csv", (page) => {
    count(page)
    const filter = readFilter(new URL(page.request.url).searchParams, deps.clock.now())
    return creditsCsv(deps, page, filter, appsOf(deps, page))
  })
}

/** @param shown sections in place of what they show by themselves, such as a form with what is wrong in it */
export function creditsAnswer(
  deps: ConsoleDeps,
  page: PageRequest,
  shown: CreditsSections = {},
  status?: Status,
): Response {
  const now = deps.clock.now()
  const { searchParams } = new URL(page.request.url)
  const filter = readFilter(searchParams, now)
  const apps = appsOf(deps, page)
  const wallet = deps.ledger.wallet(page.owner, "live")
  const statement = statementOf(deps, page, filter, apps, {
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
    ...statement,
    csvHref: `/credits.csv${filterQuery(filter)}`,
    sections: { ...sectionsOf(deps, page), ...shown },
  }
  return page.render((frame) => CreditsPage({ frame, ...props }), status)
}

/** One page of the history as days, with links to the pages beside it; of a filter that cannot be, nothing. */
function statementOf(deps: Deps, page: PageRequest, filter: CreditsFilter, apps: Client[], cursor: Cursor): Statement {
  const client = filter.app === null ? null : apps.find((app) => app.publicId === filter.app)
  if (filter.error !== null || client === undefined) return { days: [], total: { count: 0, isMore: false } }
  const part = creditsPage(deps, page, filter, client, cursor)
  return {
    days: daysOf(deps, page.owner, filter, client, part, movementsOf(deps, part.rows)),
    total: countOf(deps, page.owner, filter, client),
    newerHref: part.newer && `/credits${filterQuery(filter, part.newer)}#history`,
    olderHref: part.older && `/credits${filterQuery(filter, part.older)}#history`,
  }
}

/** Apps this person ever called through, by name; their own keys (client 0) are not an app. */
function appsOf(deps: Deps, page: PageRequest): Client[] {
  return deps.usage
    .clientsOf(page.session.userId)
    .flatMap((id) => deps.oauth.clientById(id) ?? [])
    .sort((a, b) => a.name.localeCompare(b.name, "en"))
}

function lotsOf(wallet: Wallet, now: number) {
  // What is frozen is no part of the order: it is said apart.
  const spent = wallet.lots.filter(({ frozen }) => !frozen)
  const lots: LotRow[] = spent.slice(0, LIMITS.lotsListed).map((lot) => ({
    bucket: lot.bucket,
    remaining: lot.remainingNano,
    held: lot.heldNano,
    expiresMs: lot.expiresMs,
    effectiveMs: lot.effectiveMs > now ? lot.effectiveMs : null,
    only: lot.restriction === null ? null : (SCOPE_LABELS[lot.restriction] ?? lot.restriction),
  }))
  const rest = spent.slice(LIMITS.lotsListed)
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
