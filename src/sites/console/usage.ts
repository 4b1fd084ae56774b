// /usage: what a person's apps and keys used over UTC days, by what it is parted by, with the days before; each part as a file too (SPEC CO-2).
import { UsagePage, type UsageProps, type UsedFigures, type UsedRow } from "../../../views/console/usage.tsx"
import {
  nameOfDay,
  type Payer,
  PERSON_DEFINITIONS,
  type PersonCut,
  type PersonFigures,
  type PersonReport,
  type PersonRow,
} from "../../analytics/index.ts"
import { CsvNumber, creditsDecimal, csvLine, DAY_MS, ensure, nano, UserId } from "../../app/index.ts"
import { csvHeaders } from "../../http/index.ts"
import type { KeyChoice } from "../../keys/index.ts"
import type { Client } from "../../oauth/index.ts"
import { KIND_LABELS } from "../auth/index.ts"
import { type DaysAsked, daysAsked, daysQuery, daysShown, type PageRequest } from "../base/index.ts"
import { latestOf } from "./requests.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

const PATH = "/usage"
/** No name of a model is longer. */
const MODEL_CHARS = 200
/** Rows of a table; the file has all. */
const ROWS_MAX = 50
const CUTS = ["app", "model", "endpoint", "scope", "key", "payer"] as const
/** …and of a team, by whom. */
const TEAM_CUTS = [...CUTS, "member"] as const

interface Asked extends DaysAsked {
  apps: readonly Client[]
  keys: readonly KeyChoice[]
  app: Client | undefined
  key: KeyChoice | undefined
  model: string
  /** What people are called; of a team alone. */
  memberName: (key: number) => string
  /** What went through no app. */
  ownKeys: string
}

export function usageRoutes(site: ConsoleSite, deps: ConsoleDeps): void {
  site.get(PATH, (page) => usagePage(deps, page))
  site.get("/usage.csv", (page) => usageCsv(deps, page))
}

/** What is not this person's is not there. */
function askedOf({ usage, oauth, keys, ledger, clock, identity }: ConsoleDeps, page: PageRequest): Asked {
  const { searchParams } = new URL(page.request.url)
  const apps = usage
    .clientsOf(page.holder.id)
    .flatMap((id) => oauth.clientById(id) ?? [])
    .sort((a, b) => a.name.localeCompare(b.name, "en"))
  const own = keys.toChoose({ userId: page.holder.id, mode: "live" }, ledger.keysCharged(page.owner, "live"))
  const [app, key] = [searchParams.get("app") ?? "", searchParams.get("key") ?? ""]
  const asked = {
    apps,
    keys: own,
    app: apps.find(({ publicId }) => publicId === app),
    key: own.find(({ publicId }) => publicId === key),
    model: (searchParams.get("model") ?? "").slice(0, MODEL_CHARS),
    memberName: (id: number) => memberName(identity, id),
    ownKeys: page.isTeam ? "Keys of the team" : "Your own keys",
  }
  ensure(asked.app || app === "", "not_found", "No app of this name used your credits.")
  ensure(asked.key || key === "", "not_found", "You have no such key. They are listed under API keys.")
  return { ...asked, ...daysAsked(searchParams, clock.now()) }
}

/** People of a team know each other by name; who left is called by it as long as they have an account. */
function memberName(identity: ConsoleDeps["identity"], id: number): string {
  const person = identity.userById(UserId(id))
  return person ? (person.name ?? person.email) : "Somebody who is gone"
}

const reportOf = ({ analytics }: ConsoleDeps, page: PageRequest, asked: Asked): Promise<PersonReport> =>
  analytics.person({
    userId: page.holder.id,
    mode: "live",
    span: asked.span,
    filter: { clientId: asked.app?.id, keyId: asked.key?.id, model: asked.model || undefined },
  })

async function usagePage(deps: ConsoleDeps, page: PageRequest): Promise<Response> {
  const asked = askedOf(deps, page)
  const { totals, cache, before, rows } = await reportOf(deps, page, asked)
  const query = queryOf(asked)
  const names = [...new Set([...rows.model.map(({ key }) => String(key)), asked.model])].filter((name) => name !== "")
  const props: Omit<UsageProps, "frame"> = {
    ...daysShown(asked, deps.clock.now()),
    app: asked.app?.publicId ?? "",
    apiKey: asked.key?.publicId ?? "",
    model: asked.model,
    apps: asked.apps.map(({ publicId, name }) => ({ id: publicId, name })),
    keys: asked.keys.map(({ publicId, name }) => ({ id: publicId, name })),
    models: names.toSorted(),
    totals: used(totals),
    before: used(before),
    cache: { calls: cache.calls, saved: cache.savedNano, isLeast: cache.isLeast },
    days: rows.day.map((row) => ({ dayMs: Number(row.key) * DAY_MS, ...used(row) })),
    cuts: Object.fromEntries(CUTS.map((cut) => [cut, shown(rows[cut], cut, asked)])) as unknown as UsageProps["cuts"],
    // A team has no daily credits, and an own list of who used what.
    ...(page.isTeam ? { members: shown(rows.member, "member", asked) } : { free: freeOf(deps, page) }),
    href: `${PATH}?${new URLSearchParams(query)}`,
    csvOf: Object.fromEntries(
      (["day", ...TEAM_CUTS] as const).map((by) => [by, `/usage.csv?${new URLSearchParams({ ...query, by })}`]),
    ) as UsageProps["csvOf"],
    now: deps.clock.now(),
    latest: asked.app || asked.key || asked.model ? undefined : latestOf(deps, page),
    definitions: LABELS.filter(([, key]) => key !== "free" || !page.isTeam).map(([label, key]) => ({
      label,
      words: PERSON_DEFINITIONS[key],
    })),
  }
  return page.render((frame) => UsagePage({ frame, ...props }), asked.error === undefined ? {} : { status: 422 })
}

const LABELS = [
  ["Credits used", "used"],
  ["Calls", "calls"],
  ["Failed", "errors"],
  ["Refused", "refused"],
  ["Tokens in", "inputTokens"],
  ["Tokens out", "outputTokens"],
  ["Free credits", "free"],
  ["The days before", "before"],
] as const satisfies readonly (readonly [string, keyof typeof PERSON_DEFINITIONS])[]

const used = ({ usedNano, ...figures }: PersonFigures): UsedFigures => ({ used: usedNano, ...figures })

const shown = (rows: readonly PersonRow[], cut: PersonCut, asked: Asked): UsedRow[] =>
  rows.slice(0, ROWS_MAX).map((row) => ({ ...used(row), ...nameOf(row.key, cut, asked) }))

function nameOf(
  key: string | number,
  cut: PersonCut,
  { apps, keys, memberName, ownKeys }: Asked,
): { name: string; href?: string } {
  if (cut === "app") {
    if (key === 0) return { name: ownKeys, href: "/keys" }
    return { name: apps.find(({ id }) => id === key)?.name ?? "An app" }
  }
  if (cut === "key") {
    if (key === 0) return { name: "Without a key" }
    const one = keys.find(({ id }) => id === key)
    return one ? { name: one.name, href: `/keys/${one.publicId}` } : { name: "A key" }
  }
  if (cut === "member") return { name: memberName(Number(key)) }
  const text = String(key)
  if (cut === "payer") return PAYERS[text as Payer]
  if (cut === "scope") return { name: KIND_LABELS[text] ?? text }
  // The kind of a call may be forgotten by age.
  return { name: text || "Not known any more" }
}

const PAYERS: Readonly<Record<Payer, { name: string; href?: string }>> = {
  platform: { name: "Your credits" },
  own: { name: "Your own provider keys", href: "/settings/provider-keys" },
  cache: { name: "Nobody: it came from the cache" },
  "": { name: "Nobody: it was refused" },
}

const queryOf = (asked: Asked): Record<string, string> => ({
  ...daysQuery(asked),
  ...(asked.app ? { app: asked.app.publicId } : {}),
  ...(asked.key ? { key: asked.key.publicId } : {}),
  ...(asked.model ? { model: asked.model } : {}),
})

/** Of daily claims that have not expired. */
function freeOf({ ledger }: ConsoleDeps, { owner }: PageRequest): NonNullable<UsageProps["free"]> {
  const lots = ledger.wallet(owner, "live").lots.filter(({ bucket }) => bucket === "daily")
  const granted = lots.reduce((sum, lot) => sum + lot.grantedNano, 0)
  const left = lots.reduce((sum, lot) => sum + lot.remainingNano, 0)
  return { granted: nano(granted), used: nano(granted - left) }
}

const HEAD = ["credits_used", "calls", "failed", "refused", "input_tokens", "output_tokens"]

async function usageCsv(deps: ConsoleDeps, page: PageRequest): Promise<Response> {
  const asked = askedOf(deps, page)
  const by = new URL(page.request.url).searchParams.get("by") ?? "day"
  const cut = (["day", ...(page.isTeam ? TEAM_CUTS : CUTS)] as const).find((one) => one === by)
  ensure(cut, "not_found", "Use is told by day, app, model, endpoint, scope, key and payer.")
  const { rows } = await reportOf(deps, page, asked)
  const lines = rows[cut].map((row) =>
    csvLine([
      cut === "day" ? nameOfDay(Number(row.key)) : nameOf(row.key, cut, asked).name,
      new CsvNumber(creditsDecimal(row.usedNano)),
      row.calls,
      row.errors,
      row.refused,
      row.inputTokens,
      row.outputTokens,
    ]),
  )
  const { from, to } = asked.span
  const headers = csvHeaders(`purser-usage-${cut}-${nameOfDay(from)}-to-${nameOfDay(to)}.csv`)
  return new Response(csvLine([cut, ...HEAD]) + lines.join(""), { headers })
}
