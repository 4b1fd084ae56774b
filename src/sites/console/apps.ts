// /apps: who can spend my credits, how much of the day's limit is used, change it, or end it.
import {
  type AppLimit,
  AppLimitsPage,
  AppRevokePage,
  AppsPage,
  type ConnectedApp,
} from "../../../views/console/apps.tsx"
import { creditsExact } from "../../../views/ui/format.ts"
import type { FormView } from "../../../views/ui/index.ts"
import { type ClientId, ensure, type Nano, nano } from "../../app/index.ts"
import { button } from "../../http/index.ts"
import { principal } from "../../ledger/index.ts"
import { AI_SCOPES, type AiScope, type ConsentWithClient, isAccountScope } from "../../oauth/index.ts"
import {
  dailyLimit,
  LIMITS_FORM,
  limitsFor,
  originOf,
  SCOPE_LABELS,
  SCOPE_SENTENCES,
  toolTitles,
} from "../auth/index.ts"
import { type PageRequest, type Status, undoTo } from "../base/index.ts"
import { appPayerRoutes, hasPayers, teamOf } from "./app-payer.ts"
import { appToolRoutes } from "./app-tools.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<
  ConsoleDeps,
  "appHosts" | "media" | "oauth" | "ledger" | "usage" | "store" | "clock" | "developerName" | "mcp" | "teams"
>

export function appsRoutes(site: ConsoleSite, deps: Deps): void {
  const { oauth, store } = deps
  const load = (page: PageRequest, params: { consent: string }) => mine(deps, page, params.consent)

  site.get("/apps", (page) => {
    const apps = oauth.consentsOf(page.session.userId).map((consent) => appOf(deps, page, consent))
    return page.render((frame) => AppsPage({ frame, now: deps.clock.now(), apps }))
  })
  site.form("/apps/:consent/limits", {
    load(page, params) {
      const consent = load(page, params)
      ensure(limitedScopes(consent).length > 0, "not_found", "This app only signs you in. It has no limit to change.")
      return consent
    },
    form: LIMITS_FORM,
    adapt: (_, consent) => limitsFor(limitedScopes(consent)),
    present: (consent) => consent.limits as Partial<Record<AiScope, Nano>>,
    // Whoever finds a browser open may lower what an app spends, not raise it.
    fresh: (limits, consent) => limitedScopes(consent).some((scope) => limits[scope] > (consent.limits[scope] ?? 0)),
    async act(page, limits, consent) {
      const input = { userId: page.session.userId, consentPublicId: consent.publicId, limits }
      await store.write(page.ctx("changed an app's daily limits"), (tx) => oauth.updateLimitsIn(tx, input))
      const undo = undoTo(`/apps/${consent.publicId}/limits`, limitsFor(limitedScopes(consent)), consent.limits)
      return { to: "/apps", say: limitWords(consent, limits), undo }
    },
    show: (page, form, consent, status) => limitsPage(deps, page, consent, form, status),
  })
  appPayerRoutes(site, deps, (page, consent) => mine(deps, page, consent))
  appToolRoutes(site, deps, (page, consent) => mine(deps, page, consent))
  site.form("/apps/:consent/revocation", {
    load,
    form: button("Revoke", true),
    async act(page, _, consent) {
      const input = { userId: page.session.userId, consentPublicId: consent.publicId }
      await store.write(page.ctx("revoked an app"), (tx) => oauth.revokeConsentIn(tx, input))
      return { to: "/apps", say: `${consent.client.name} can no longer use your account or your credits.` }
    },
    show(page, form, { client, grantedMs }, status) {
      const app = { name: client.name, authorizedAtMs: grantedMs }
      return page.render((frame) => AppRevokePage({ frame, app, form }), status)
    },
  })
}

function isVerified({ appHosts, oauth }: Deps, clientId: ClientId): boolean {
  const client = oauth.clientById(clientId)
  return client !== null && appHosts.verified(client) !== null
}

/** "Margin Notes may spend 77 credits a day." */
function limitWords(consent: ConsentWithClient, limits: Partial<Record<AiScope, Nano>>): string {
  const scopes = limitedScopes(consent)
  const of = (scope: AiScope) => creditsExact(limits[scope] ?? (consent.limits[scope] as Nano))
  if (scopes.length === 1) return `${consent.client.name} may spend ${of(scopes[0]!)} a day.`
  const each = scopes.map((scope) => `${of(scope)} on ${(SCOPE_LABELS[scope] ?? scope).toLowerCase()}`)
  return `${consent.client.name} may spend, each day: ${each.join(", ")}.`
}

function limitsOf({ ledger }: Deps, page: PageRequest, consent: ConsentWithClient): AppLimit[] {
  const { userId } = page.session
  const payer = principal(consent.payerId ?? userId)
  return limitedScopes(consent).map((scope) => {
    const { usedNano, heldNano } = ledger.usedToday(payer, consent.clientId, scope, userId)
    return {
      scope,
      label: SCOPE_LABELS[scope] ?? scope,
      usedToday: nano(usedNano + heldNano),
      limit: consent.limits[scope] as Nano,
    }
  })
}

const appOf = (deps: Deps, page: PageRequest, consent: ConsentWithClient): ConnectedApp => ({
  id: consent.publicId,
  name: consent.client.name,
  iconUrl: deps.media.addressOf({ purpose: "icon", subject: consent.client.publicId }, 64),
  origin: originOf(deps, consent.client),
  verified: isVerified(deps, consent.clientId),
  suspended: deps.oauth.isClientSuspended(consent.clientId),
  authorizedAtMs: consent.grantedMs,
  lastUsedMs: deps.usage.lastCallAt(page.session.userId, consent.clientId, consent.payerId ?? undefined),
  limits: limitsOf(deps, page, consent),
  team: teamOf(deps, consent),
  canChoosePayer: hasPayers(deps, consent),
  account: consent.scopes.filter(isAccountScope).map((scope) => SCOPE_SENTENCES[scope]),
  tools: consent.scopes.includes("mcp") ? { titles: toolTitles(deps, page.session.userId, consent.tools) } : undefined,
})

function limitsPage(
  deps: Deps,
  page: PageRequest,
  consent: ConsentWithClient,
  form: FormView,
  status: Status,
): Response {
  const now = deps.clock.now()
  const limits = limitedScopes(consent).map((scope) => {
    const shown = form.fields.find(({ name }) => name === `limit_${scope}`)
    const typed = form.errors ? shown?.typed[0] : undefined
    const each = deps.usage.typicalCharge(consent.clientId, scope, now)
    const limit = dailyLimit(scope, consent.limits[scope] as Nano, each, typed)
    return { scope, label: SCOPE_LABELS[scope] ?? scope, limit }
  })
  const props = { app: { name: consent.client.name }, limits, form }
  return page.render((frame) => AppLimitsPage({ frame, ...props }), status)
}

function mine({ oauth }: Deps, page: PageRequest, id: string): ConsentWithClient {
  const consent = oauth.consentsOf(page.session.userId).find((one) => one.publicId === id)
  ensure(consent, "not_found", "That app has no access to your account. Your apps are listed under Apps.")
  return consent
}

const limitedScopes = (consent: ConsentWithClient): AiScope[] =>
  AI_SCOPES.filter((scope) => consent.limits[scope] !== undefined)
