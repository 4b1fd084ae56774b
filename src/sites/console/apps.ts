// /apps: who can spend my credits, how much of the day's limit is used, change it, or end it.
import { Elysia } from "elysia"
import {
  type AppLimit,
  AppLimitsPage,
  AppRevokePage,
  AppsPage,
  type ConnectedApp,
} from "../../../views/console/apps.tsx"
import { credits, ensure, type Nano, nano } from "../../app/index.ts"
import type { Form } from "../../http/index.ts"
import { AI_SCOPES, type AiScope, type ConsentWithClient } from "../../oauth/index.ts"
import { readLimits, SCOPE_LABELS } from "../auth/index.ts"
import { type ConsoleDeps, signedIn, type Visit } from "./site.ts"

const NO_PARSE = { parse: "none" } as const
/** The slider's right end; larger limits can be typed. */
const SLIDER_MAX = credits(1_000)

export function appsRoutes(deps: ConsoleDeps) {
  const { web, oauth, ledger, usage, store, clock } = deps

  const limitsOf = (visit: Visit, consent: ConsentWithClient): AppLimit[] =>
    limitedScopes(consent).map((scope) => {
      const { usedNano, heldNano } = ledger.usedToday(visit.owner, consent.clientId, scope)
      return {
        scope,
        label: SCOPE_LABELS[scope] ?? scope,
        usedToday: nano(usedNano + heldNano),
        limit: consent.limits[scope] as Nano,
      }
    })

  const appOf = (visit: Visit, consent: ConsentWithClient): ConnectedApp => ({
    id: consent.publicId,
    name: consent.client.name,
    developerName: consent.client.ownerId === null ? "this server" : deps.developerName(consent.client.ownerId),
    verified: false,
    suspended: oauth.isClientSuspended(consent.clientId),
    authorizedAtMs: consent.grantedMs,
    lastUsedMs: usage.lastCallAt(visit.session.userId, consent.clientId),
    limits: limitsOf(visit, consent),
  })

  const list = (visit: Visit): Response => {
    const apps = oauth.consentsOf(visit.session.userId).map((consent) => appOf(visit, consent))
    return visit.page((frame) => AppsPage({ frame, now: clock.now(), apps }))
  }

  const limitsPage = (
    visit: Visit,
    consent: ConsentWithClient,
    sent?: { form: Form; errors: Record<string, string> },
  ): Response => {
    const each = deps.typicalChatNano()
    const limits = limitedScopes(consent).map((scope) => {
      const perDay = consent.limits[scope] as Nano
      const estimate = scope === "llm" ? { each, noun: "chats" } : undefined
      const max = nano(Math.max(SLIDER_MAX, perDay))
      const limit = { perDay, max, estimate, typed: sent?.form.get(`limit_${scope}`) }
      return { scope, label: SCOPE_LABELS[scope] ?? scope, limit }
    })
    ensure(limits.length > 0, "not_found", "This app only signs you in. It has no limit to change.")
    const app = { id: consent.publicId, name: consent.client.name }
    return visit.page((frame) => AppLimitsPage({ frame, app, limits, errors: sent?.errors }), {
      status: sent ? 422 : 200,
    })
  }

  const mine = (visit: Visit, id: string | undefined): ConsentWithClient => {
    const consent = oauth.consentsOf(visit.session.userId).find((one) => one.publicId === id)
    ensure(consent, "not_found", "That app has no access to your account. Your apps are listed under Apps.")
    return consent
  }

  return new Elysia()
    .get(
      "/apps",
      signedIn(deps, (visit) => list(visit)),
    )
    .get(
      "/apps/:consent/limits",
      signedIn(deps, (visit, { consent: id }) => limitsPage(visit, mine(visit, id))),
    )
    .post(
      "/apps/:consent/limits",
      signedIn(deps, async (visit, { consent: id }) => {
        const form = await web.form(visit.request)
        const consent = mine(visit, id)
        const { limits, errors } = readLimits(form, limitedScopes(consent))
        if (Object.keys(errors).length > 0) return limitsPage(visit, consent, { errors, form })
        const input = { userId: visit.session.userId, consentPublicId: consent.publicId, limits }
        await store.write(visit.ctx("changed an app's daily limits"), (tx) => oauth.updateLimitsIn(tx, input))
        return web.back("/apps", { kind: "ok", text: `The limits of ${consent.client.name} are changed.` })
      }),
      NO_PARSE,
    )
    .get(
      "/apps/:consent/revocation",
      signedIn(deps, (visit, { consent: id }) => {
        const consent = mine(visit, id)
        const app = { id: consent.publicId, name: consent.client.name, authorizedAtMs: consent.grantedMs }
        return visit.page((frame) => AppRevokePage({ frame, app }))
      }),
    )
    .post(
      "/apps/:consent/revocation",
      signedIn(deps, async (visit, { consent: id }) => {
        await web.form(visit.request)
        const consent = mine(visit, id)
        const input = { userId: visit.session.userId, consentPublicId: consent.publicId }
        await store.write(visit.ctx("revoked an app"), (tx) => oauth.revokeConsentIn(tx, input))
        return web.back("/apps", {
          kind: "ok",
          text: `${consent.client.name} can no longer use your account or your credits.`,
        })
      }),
      NO_PARSE,
    )
}

const limitedScopes = (consent: ConsentWithClient): AiScope[] =>
  AI_SCOPES.filter((scope) => consent.limits[scope] !== undefined)
