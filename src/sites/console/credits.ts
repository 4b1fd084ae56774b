// /credits: what a person has, lot by lot, and everything that happened, page by page. /credits.csv: the same, all of it.
import type { CreditsFilterProps } from "../../../views/console/credits/history.tsx"
import { CreditsPage, type CreditsProps } from "../../../views/console/credits/page.tsx"
import type { CreditsSections } from "../../../views/console/credits/sections.tsx"
import type { LotRow } from "../../../views/console/lots.tsx"
import { LIMITS, nano } from "../../app/index.ts"
import type { KeyChoice } from "../../keys/index.ts"
import type { Wallet } from "../../ledger/index.ts"
import type { Client } from "../../oauth/index.ts"
import { CALLS_DAYS } from "../../usage/index.ts"
import { SCOPE_LABELS } from "../auth/index.ts"
import type { PageRequest, Status } from "../base/index.ts"
import { withCoupon } from "./buy.ts"
import { creditsCsv } from "./credits-csv.ts"
import { countOf, daysOf } from "./credits-days.ts"
import { type CreditsFilter, filterQuery, KINDS, readFilter } from "./credits-filter.ts"
import { type Cursor, creditsPage } from "./credits-page.ts"
import { sectionsOf } from "./credits-sections.ts"
import { countDownloads } from "./downloads.ts"
import { cameFrom } from "./for-app.ts"
import { movementsOf } from "./movements.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<ConsoleDeps, "clock" | "ledger" | "usage" | "oauth" | "keys" | "exports" | "settings">

/** What can be chosen in the filter. */
interface Choices {
  apps: Client[]
  keys: KeyChoice[]
}

type Statement = Pick<CreditsProps, "days" | "total" | "newerHref" | "olderHref">

export function creditsRoutes(site: ConsoleSite, deps: ConsoleDeps): void {
  const count = countDownloads(deps.clock, "exports", LIMITS.exportsPerMinute)
  site.get("/credits", async (page) => {
    const code = new URL(page.request.url).searchParams.get("coupon")
    return creditsAnswer(deps, page, code === null || page.isTeam ? {} : await withCoupon(deps, page, code))
  })
  site.get("/credits.csv", (page) => {
    count(page)
    const keys = keysOf(deps, page)
    const filter = readFilter(new URL(page.request.url).searchParams, deps.clock.now(), keys)
    return creditsCsv(deps, page, filter, appsOf(deps, page), keys)
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
  const choices = { apps: appsOf(deps, page), keys: keysOf(deps, page) }
  const filter = readFilter(searchParams, now, choices.keys)
  const wallet = deps.ledger.wallet(page.owner, "live")
  const statement = statementOf(deps, page, filter, choices, {
    before: searchParams.get("before") ?? undefined,
    after: searchParams.get("after") ?? undefined,
  })
  const props = {
    now,
    cameFrom: cameFrom(deps, page),
    spendable: wallet.spendableNano,
    held: wallet.heldNano,
    debt: wallet.debtNano > 0 ? wallet.debtNano : undefined,
    ...lotsOf(wallet, now),
    filter: { ...filterProps(filter, choices, now), keyKeptDays: deps.settings.get(CALLS_DAYS) },
    ...statement,
    csvHref: `/credits.csv${filterQuery(filter)}`,
    sections: { ...sectionsOf(deps, page), ...shown },
  }
  return page.render((frame) => CreditsPage({ frame, ...props }), status)
}

/** One page of the history as days, with links to the pages beside it; of a filter that cannot be, nothing. */
function statementOf(
  deps: Deps,
  page: PageRequest,
  filter: CreditsFilter,
  choices: Choices,
  cursor: Cursor,
): Statement {
  const chosen = <T extends { publicId: string }>(of: T[], id: string | null) =>
    id === null ? null : of.find(({ publicId }) => publicId === id)
  const client = chosen(choices.apps, filter.app)
  const key = chosen(choices.keys, filter.key)
  const isNothing = filter.error !== null || client === undefined || key === undefined
  if (isNothing) return { days: [], total: { count: 0, isMore: false } }
  const through = { client, key }
  const part = creditsPage(deps, page, filter, through, cursor)
  return {
    days: daysOf(deps, page.owner, filter, through, part, movementsOf(deps, page.holder.id, part.rows, page.isTeam)),
    total: countOf(deps, page.owner, filter, through),
    newerHref: part.newer && `/credits${filterQuery(filter, part.newer)}#history`,
    olderHref: part.older && `/credits${filterQuery(filter, part.older)}#history`,
  }
}

/** Apps this person ever called through, by name; their own keys (client 0) are not an app, and test credits are no part of this page. */
function appsOf(deps: Deps, page: PageRequest): Client[] {
  return deps.usage
    .clientsOf(page.holder.id)
    .flatMap((id) => deps.oauth.clientById(id) ?? [])
    .filter(({ mode }) => mode === "live")
    .sort((a, b) => a.name.localeCompare(b.name, "en"))
}

/** Their own live keys by name: those that are alive, and those that are over while calls name them. */
const keysOf = (deps: Deps, page: PageRequest): KeyChoice[] =>
  deps.keys.toChoose({ userId: page.holder.id, mode: "live" }, deps.ledger.keysCharged(page.owner, "live"))

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

/** By name; where two have one name, as the list of keys tells them apart. */
function keyLabel({ name, prefix, revokedMs }: KeyChoice, all: readonly KeyChoice[]): string {
  const isShared = all.filter((key) => key.name === name).length > 1
  return `${name}${isShared ? ` ${prefix}…` : ""}${revokedMs === null ? "" : " (revoked)"}`
}

function filterProps(
  filter: CreditsFilter,
  { apps, keys }: Choices,
  now: number,
): Omit<CreditsFilterProps, "keyKeptDays"> {
  const isoDay = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  const today = isoDay(now)
  // A chosen range is also known as its days, so that "Custom" begins with what was shown.
  const isSpan = filter.range !== null && filter.range !== "custom" && filter.fromMs !== undefined
  return {
    kind: filter.kind?.name ?? "",
    app: filter.app ?? "",
    key: filter.key ?? "",
    range: filter.range ?? "all",
    from: isSpan ? isoDay(filter.fromMs ?? now) : filter.from,
    to: isSpan ? today : filter.to,
    today,
    kinds: KINDS.map(({ name, label }) => ({ value: name, label })),
    apps: apps.map((app) => ({ value: app.publicId, label: app.name })),
    keys: keys.map((key) => ({ value: key.publicId, label: keyLabel(key, keys) })),
    error: filter.error,
    errorIn: filter.errorIn,
    active: filter.kind !== null || filter.app !== null || filter.key !== null || filter.range !== null,
  }
}
