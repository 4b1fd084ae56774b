// What the pages of /developer show: the first visit and the list, a new app, one app with its figures and secrets.
import type { Frame } from "../../../views/layout/index.ts"
import { DeveloperAppPage, type DeveloperAppProps } from "../../../views/portal/app.tsx"
import { AppNewPage } from "../../../views/portal/app-new.tsx"
import type { EarningsProps } from "../../../views/portal/earnings.tsx"
import { DeveloperHomePage, type DeveloperHomeProps } from "../../../views/portal/home.tsx"
import type { Mode } from "../../../views/portal/mode-switch.tsx"
import type { FormView } from "../../../views/ui/index.ts"
import { DEFINITIONS, lastDays } from "../../analytics/index.ts"
import { DAY_MS, nano } from "../../app/index.ts"
import { seeOther } from "../../http/index.ts"
import { type Client, OAUTH_LIMITS } from "../../oauth/index.ts"
import { NANO_PER_CENT, TEST_TERMS } from "../../payouts/index.ts"
import { type PageRequest, SECRET_FORM, type Status, secretRow } from "../base/index.ts"
import { AGREEMENT_FORM, APP_FORM, detailsForm, FIRST_APP, ICON_FORM } from "./app-form.ts"
import { isClosed } from "./app-review.ts"
import { offersFor } from "./app-transfer.ts"
import { modeOf } from "./mode.ts"
import { pathOf, placesOf } from "./places.ts"
import type { PortalDeps } from "./site.ts"
import { isToken, testCallOf } from "./test-call.ts"

export { mine, pathOf } from "./places.ts"

const DAYS = 30
/** Of one app; errors are both kinds together. */
const FIGURES = [
  ["Calls", "calls"],
  ["Active users", "activeUsers"],
  ["Earned", "revenue"],
  ["Failed", "errors"],
  ["Refused", "refused"],
] as const satisfies readonly (readonly [string, keyof typeof DEFINITIONS])[]

/** @param sent the form of the first visit that was refused */
export async function home(
  deps: PortalDeps,
  page: PageRequest,
  sent: Partial<DeveloperHomeProps["forms"]> = {},
  status?: Status,
): Promise<Response> {
  const { clock, developers, oauth, web } = deps
  const agreed = developers.developerOf(page.holder.id)?.agreementCurrent ?? false
  const clients = oauth.clientsOf(page.holder.id).filter(({ removedMs }) => removedMs === null)
  const { secret, forget } = web.takeSecret(page.request)
  const start = agreed ? startOf(deps, page, clients, secret) : undefined
  const mode = modeOf(new URL(page.request.url).searchParams)
  // The first visit is of whatever there is.
  const shown = clients.filter((client) => start || client.mode === mode)
  const activeOf = await activeUsersOf(deps, shown)
  const props = {
    mode,
    appsInAll: clients.length,
    now: clock.now(),
    agreed,
    offers: offersFor(deps, page),
    shares: { ...deps.developerShares(), own: oauth.shareBounds() },
    apps: shown.map((client) => appRow(deps, client, activeOf(client))),
    start,
    earnings: agreed ? earningsShown(deps, page, mode) : undefined,
    forms: {
      agreement: AGREEMENT_FORM.show({ action: "/developer/agreement" }),
      app: APP_FORM.show({ action: "/developer/apps", present: FIRST_APP }),
      ...sent,
    },
  }
  return page.render((frame) => DeveloperHomePage({ frame, ...props }), { ...status, cookies: [forget] })
}

/** The newest app, until any of them has been called. */
function startOf(
  deps: PortalDeps,
  page: PageRequest,
  clients: readonly Client[],
  secret?: string,
): DeveloperHomeProps["start"] {
  const [newest] = clients
  if (!newest || clients.some((client) => deps.usage.firstCallAt(client.id) !== null)) return undefined
  const { issuer, apiBaseUrl, sampleModel, sdk } = placesOf(deps, newest)
  return {
    app: { id: newest.publicId, name: newest.name },
    input: {
      issuer,
      apiBaseUrl,
      sdk,
      model: sampleModel,
      clientId: newest.publicId,
      confidential: newest.type !== "public",
      redirectUri: newest.redirectUris[0] ?? "",
      scopes: newest.scopes,
    },
    test: testCallOf(deps, page, newest, secret),
    newSecret: isToken(secret) ? undefined : secret,
  }
}

function appRow(deps: PortalDeps, client: Client, users: number): DeveloperHomeProps["apps"][number] {
  const { days, ...figures } = figuresOf(deps, client)
  return {
    id: client.publicId,
    name: client.name,
    iconUrl: iconOf(deps, client, 64),
    type: client.type,
    testMode: client.mode === "test",
    suspended: client.suspendedMs !== null,
    days: days.map(({ calls }) => calls),
    users,
    ...figures,
  }
}

const iconOf = ({ media }: Pick<PortalDeps, "media">, client: Client, width: number) =>
  media.addressOf({ purpose: "icon", subject: client.publicId }, width)

/** People who called through each app lately; counted in the read Worker, since an app may have a million. */
async function activeUsersOf(
  { analytics, clock }: PortalDeps,
  clients: readonly Client[],
): Promise<(client: Client) => number> {
  const span = lastDays("30d", clock.now())
  const found = await analytics.activeUsers({ clientIds: clients.map(({ id }) => id), span })
  return ({ id }) => found.get(id) ?? 0
}

function figuresOf({ usage, clock }: PortalDeps, client: Client) {
  const { calls, errors, refused, developerNano } = usage.byClient(client.id, clock.now())
  const days = usage.clientDays(client.id, clock.now(), DAYS)
  return {
    calls,
    errors: errors + refused,
    earned: developerNano,
    days: days.map((row) => ({ dayMs: row.day * DAY_MS, calls: row.calls })),
  }
}

export function earningsShown(
  { ledger, developers }: Pick<PortalDeps, "ledger" | "developers">,
  page: PageRequest,
  mode: Mode = "live",
): EarningsProps {
  const terms = mode === "test" ? { ...TEST_TERMS, payoutMinNano: nano(NANO_PER_CENT) } : developers.earningTerms()
  const earnings = ledger.earningsOf(page.owner, mode, terms)
  return {
    available: earnings.payableNano,
    pending: earnings.pendingNano,
    requested: earnings.requestedNano,
    paid: earnings.paidNano,
    upcoming: earnings.upcoming.map(({ day, source, amountNano }) => ({
      ms: day * DAY_MS,
      source,
      amount: amountNano,
    })),
    terms: { paidDays: terms.paidDays, promoDays: terms.promoDays, minimum: terms.payoutMinNano },
  }
}

export function newPage(deps: PortalDeps, page: PageRequest, form: FormView, status: Status): Response {
  if (!deps.developers.developerOf(page.holder.id)?.agreementCurrent) return seeOther("/developer")
  // A refused form was posted to the list's address.
  const view = (frame: Frame) => AppNewPage({ frame: { ...frame, path: "/developer/apps/new" }, form })
  return page.render(view, status)
}

/** What stands in the form of an app’s details. */
export const detailsOf = (client: Client) => ({
  name: client.name,
  description: client.description ?? "",
  shareBp: client.shareBp,
  redirectUris: [...client.redirectUris],
  homepageUrl: client.homepageUrl ?? "",
  policyUri: client.policyUri ?? "",
  tosUri: client.tosUri ?? "",
  supportUrl: client.supportUrl ?? "",
  scopes: [...client.scopes],
  postLogoutUris: [...client.postLogoutUris],
  backchannelLogoutUri: client.backchannelLogoutUri ?? "",
  requirePar: client.requirePar,
  idTokenAlg: client.idTokenAlg,
  dpopBound: client.dpopBound,
  deviceFlow: client.deviceFlow,
})

/** @param sent the form that was refused */
export async function appPage(
  deps: PortalDeps,
  page: PageRequest,
  client: Client,
  sent: { details?: FormView; icon?: FormView; secret?: FormView },
  status: Status,
): Promise<Response> {
  const { web, usage, clock } = deps
  const activeOf = await activeUsersOf(deps, [client])
  const details =
    sent.details ?? detailsForm(deps.oauth.shareBounds()).show({ action: pathOf(client), present: detailsOf(client) })
  const { secret, forget } = web.takeSecret(page.request)
  const app: DeveloperAppProps["app"] = {
    id: client.publicId,
    name: client.name,
    iconUrl: iconOf(deps, client, 128),
    type: client.type,
    testMode: client.mode === "test",
    homepageUrl: client.homepageUrl,
    redirectUris: client.redirectUris,
    scopes: client.scopes,
    suspended: client.suspendedMs === null ? undefined : (client.suspendedReason ?? "none given"),
    endsMs: client.endsMs,
    unreviewed: isClosed(deps, client),
    createdAtMs: client.createdMs,
    secrets: deps.oauth.secretsOf(client.id).map(secretRow),
    firstCallMs: usage.firstCallAt(client.id),
    users: activeOf(client),
    ...figuresOf(deps, client),
  }
  const props = {
    now: clock.now(),
    app,
    secretsMax: OAUTH_LIMITS.clientSecretsMax,
    newSecret: isToken(secret) ? undefined : secret,
    definitions: FIGURES.map(([label, key]) => ({ label, words: DEFINITIONS[key] })),
    test: testCallOf(deps, page, client, secret),
    forms: {
      details: { ...details, submit: "Save details" },
      secret: { ...(sent.secret ?? SECRET_FORM.show({ action: `${pathOf(client)}/secrets` })), ids: "secret" },
      icon: sent.icon ?? ICON_FORM.show({ action: `${pathOf(client)}/icon` }),
    },
    ...placesOf(deps, client),
  }
  return page.render((frame) => DeveloperAppPage({ frame, ...props }), { ...status, cookies: [forget] })
}
