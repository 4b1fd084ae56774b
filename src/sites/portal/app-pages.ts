// What the developer pages show: figures of the last 30 days from the roll-ups, and the real values of every snippet.

import type { Frame } from "../../../views/layout/frame.ts"
import { DeveloperAppPage, type DeveloperAppProps } from "../../../views/portal/app.tsx"
import type { AppValues, ScopeOption } from "../../../views/portal/app-fields.tsx"
import { AppNewPage } from "../../../views/portal/app-new.tsx"
import type { EarningsProps } from "../../../views/portal/earnings.tsx"
import { DeveloperHomePage, type DeveloperHomeProps } from "../../../views/portal/home.tsx"
import { DAY_MS } from "../../app/index.ts"
import { type Form, seeOther } from "../../http/index.ts"
import { type Client, OAUTH_LIMITS, SCOPES } from "../../oauth/index.ts"
import { SCOPE_SENTENCES } from "../auth/index.ts"
import type { ConsoleDeps, Visit } from "../console/index.ts"

const DAYS = 30

/** A form that was refused: its words stay on the page. */
export interface Failed {
  form?: Form
  errors: Record<string, string>
}

export function home(deps: ConsoleDeps, visit: Visit, failed?: Failed): Response {
  const { clock, developers, oauth, web } = deps
  const agreed = developers.developerOf(visit.session.userId)?.agreementCurrent ?? false
  const clients = oauth.clientsOf(visit.session.userId)
  const { secret, forget } = web.takeSecret(visit.request)
  const props = {
    now: clock.now(),
    agreed,
    sharePercent: deps.developerSharePercent,
    apps: clients.map((client) => appRow(deps, client)),
    start: agreed ? startOf(deps, clients, secret) : undefined,
    scopes: scopeOptions(),
    earnings: agreed ? earningsOf(deps, visit) : undefined,
    values: valuesOf(failed),
    errors: failed?.errors,
  }
  return visit.page((frame) => DeveloperHomePage({ frame, ...props }), {
    status: failed ? 422 : 200,
    cookies: [forget],
  })
}

/** The newest app, until any of them has been called. */
function startOf(deps: ConsoleDeps, clients: readonly Client[], secret?: string): DeveloperHomeProps["start"] {
  const [newest] = clients
  if (!newest || clients.some((client) => deps.usage.firstCallAt(client.id) !== null)) return undefined
  const { issuer, apiBaseUrl, sampleModel } = placesOf(deps, newest)
  return {
    app: { id: newest.publicId, name: newest.name },
    input: {
      ...{ issuer, apiBaseUrl, model: sampleModel },
      clientId: newest.publicId,
      confidential: newest.type !== "public",
      redirectUri: newest.redirectUris[0] ?? "",
      scopes: newest.scopes,
    },
    newSecret: secret,
  }
}

function appRow(deps: ConsoleDeps, client: Client): DeveloperHomeProps["apps"][number] {
  const { days, ...figures } = figuresOf(deps, client)
  return {
    id: client.publicId,
    name: client.name,
    type: client.type,
    testMode: client.mode === "test",
    suspended: client.suspendedMs !== null,
    days: days.map(({ calls }) => calls),
    ...figures,
  }
}

function figuresOf({ usage, clock }: ConsoleDeps, client: Client) {
  const { calls, users, errors, refused, developerNano } = usage.byClient(client.id, clock.now())
  const days = usage.clientDays(client.id, clock.now(), DAYS)
  return {
    ...{ calls, users, errors: errors + refused, earned: developerNano },
    days: days.map((row) => ({ dayMs: row.day * DAY_MS, calls: row.calls })),
  }
}

function earningsOf({ ledger, developers }: ConsoleDeps, visit: Visit): EarningsProps {
  const terms = developers.earningTerms()
  const earnings = ledger.earningsOf(visit.owner, "live", terms)
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

export function newPage(deps: ConsoleDeps, visit: Visit, failed?: Failed): Response {
  if (!deps.developers.developerOf(visit.session.userId)?.agreementCurrent) return seeOther("/developer")
  const props = { scopes: scopeOptions(), values: valuesOf(failed), errors: failed?.errors }
  // A refused form was posted to the list's address.
  const view = (frame: Frame) => AppNewPage({ frame: { ...frame, path: "/developer/apps/new" }, ...props })
  return visit.page(view, { status: failed ? 422 : 200 })
}

export function appPage(deps: ConsoleDeps, visit: Visit, client: Client, failed?: Failed): Response {
  const { web, usage, clock } = deps
  const { secret, forget } = web.takeSecret(visit.request)
  const app: DeveloperAppProps["app"] = {
    id: client.publicId,
    name: client.name,
    type: client.type,
    testMode: client.mode === "test",
    homepageUrl: client.homepageUrl,
    redirectUris: client.redirectUris,
    scopes: client.scopes,
    suspended: client.suspendedMs === null ? undefined : (client.suspendedReason ?? "none given"),
    createdAtMs: client.createdMs,
    secrets: secretRows(deps, client),
    firstCallMs: usage.firstCallAt(client.id),
    ...figuresOf(deps, client),
  }
  const props = {
    now: clock.now(),
    app,
    secretsMax: OAUTH_LIMITS.clientSecretsMax,
    newSecret: secret,
    scopes: scopeOptions(),
    ...placesOf(deps, client),
    values: valuesOf(failed),
    errors: failed?.errors,
  }
  return visit.page((frame) => DeveloperAppPage({ frame, ...props }), { status: failed ? 422 : 200, cookies: [forget] })
}

/** A test client reaches sandboxes only, so its code must name their model. */
function placesOf({ oauth, gateway }: ConsoleDeps, client: Client) {
  const fits = gateway.upstreams().filter((one) => one.enabled && (client.mode === "live" || one.isLocal))
  const upstream = fits.find((one) => one.models.length > 0)
  return { issuer: oauth.issuer, apiBaseUrl: `${oauth.issuer}/v1`, sampleModel: upstream?.models[0] ?? "sandbox" }
}

export const secretRows = (deps: ConsoleDeps, client: Client) =>
  deps.oauth.secretsOf(client.id).map((row) => ({ id: row.publicId, hint: row.hint, createdAtMs: row.createdMs }))

/** What a developer chooses; the two that every app has are no choice. */
const scopeOptions = (): ScopeOption[] =>
  SCOPES.filter((scope) => scope !== "openid" && scope !== "offline_access").map((scope) => ({
    scope,
    sentence: SCOPE_SENTENCES[scope],
  }))

const valuesOf = (failed: Failed | undefined): AppValues | undefined =>
  failed?.form && {
    name: failed.form.get("name"),
    type: failed.form.get("type"),
    mode: failed.form.get("mode"),
    redirect_uris: failed.form.raw("redirect_uris"),
    homepage_url: failed.form.get("homepage_url"),
    scope: failed.form.all("scope"),
  }
