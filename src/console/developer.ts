// /developer: the agreement, apps (OAuth clients), their secrets, and the first call they wait for.
import { Elysia } from "elysia"
import { AppSecretRevokePage, DeveloperAppPage, type DeveloperAppProps, FirstCall } from "../../views/developer/app.tsx"
import { AppNewPage } from "../../views/developer/app-new.tsx"
import type { EarningsProps } from "../../views/developer/earnings.tsx"
import { DeveloperHomePage } from "../../views/developer/home.tsx"
import { AppError, DAY_MS, ensure } from "../app/index.ts"
import { SCOPE_SENTENCES } from "../auth/index.ts"
import { type Form, html, seeOther } from "../http/index.ts"
import { type Client, type ClientType, SCOPES } from "../oauth/index.ts"
import { type ConsoleDeps, signedIn, type Visit } from "./site.ts"

const NO_PARSE = { parse: "none" } as const
const pathOf = (client: Client): string => `/developer/apps/${client.publicId}`

export function developerRoutes(deps: ConsoleDeps) {
  const { web, oauth, store, developers } = deps
  return new Elysia()
    .get(
      "/developer",
      signedIn(deps, (visit) => home(deps, visit)),
    )
    .get(
      "/developer/apps",
      signedIn(deps, () => seeOther("/developer")),
    )
    .post(
      "/developer/agreement",
      signedIn(deps, async (visit) => {
        const form = await web.form(visit.request)
        if (form.get("accept") !== "yes") return home(deps, visit, { accept: "Tick the box to accept the agreement." })
        const input = { userId: visit.session.userId, version: developers.agreementVersion }
        await developers.acceptAgreement(visit.ctx("accepted the developer agreement"), input)
        return web.back("/developer", { kind: "ok", text: "You are a developer now. Create your first app." })
      }),
      NO_PARSE,
    )
    .get(
      "/developer/apps/new",
      signedIn(deps, (visit) => newPage(deps, visit)),
    )
    .post(
      "/developer/apps",
      signedIn(deps, async (visit) => {
        const form = await web.form(visit.request)
        try {
          const made = await store.write(visit.ctx("created an app"), (tx) => {
            developers.requireDeveloperIn(tx, visit.session.userId)
            return oauth.registerClientIn(tx, {
              ownerId: visit.session.userId,
              type: typeOf(form),
              name: form.get("name"),
              redirectUris: urisOf(form),
              scopes: form.all("scope"),
              homepageUrl: form.get("homepage_url") || null,
            })
          })
          return made.secret
            ? web.backWithSecret(visit.request, pathOf(made.client), made.secret)
            : seeOther(pathOf(made.client))
        } catch (error) {
          return newPage(deps, visit, form, fieldErrors(error))
        }
      }),
      NO_PARSE,
    )
    .get(
      "/developer/apps/:id",
      signedIn(deps, (visit, { id }) => appPage(deps, visit, mine(deps, visit, id))),
    )
    .post(
      "/developer/apps/:id",
      signedIn(deps, async (visit, { id }) => {
        const form = await web.form(visit.request)
        const client = mine(deps, visit, id)
        try {
          await store.write(visit.ctx("changed an app"), (tx) =>
            oauth.updateClientIn(tx, {
              ownerId: visit.session.userId,
              clientPublicId: client.publicId,
              name: form.get("name"),
              redirectUris: urisOf(form),
              homepageUrl: form.get("homepage_url") || null,
            }),
          )
          return web.back(pathOf(client), { kind: "ok", text: "Saved." })
        } catch (error) {
          return appPage(deps, visit, client, { form, errors: fieldErrors(error) })
        }
      }),
      NO_PARSE,
    )
    .get(
      "/developer/apps/:id/first-call",
      signedIn(deps, (visit, { id }) => {
        const client = mine(deps, visit, id)
        const firstCallMs = deps.usage.firstCallAt(client.id)
        // Still waiting: nothing to swap, and nothing for a screen reader to say again.
        if (firstCallMs === null) return new Response(null, { status: 204 })
        return html(FirstCall({ appId: client.publicId, firstCallMs, now: deps.clock.now() }))
      }),
    )
    .post(
      "/developer/apps/:id/secrets",
      signedIn(deps, async (visit, { id }) => {
        await web.form(visit.request)
        const client = mine(deps, visit, id)
        const input = { ownerId: visit.session.userId, clientPublicId: client.publicId }
        const made = await store.write(visit.ctx("made a client secret"), (tx) => oauth.addSecretIn(tx, input))
        return web.backWithSecret(visit.request, pathOf(client), made.secret)
      }),
      NO_PARSE,
    )
    .get(
      "/developer/apps/:id/secrets/:secret/revocation",
      signedIn(deps, (visit, { id, secret }) => {
        const client = mine(deps, visit, id)
        const row = secretRows(deps, client).find((one) => one.id === secret)
        ensure(row, "not_found", "That secret is gone already.")
        return visit.page((frame) =>
          AppSecretRevokePage({ frame, app: { id: client.publicId, name: client.name }, secret: row }),
        )
      }),
    )
    .post(
      "/developer/apps/:id/secrets/:secret/revocation",
      signedIn(deps, async (visit, { id, secret }) => {
        await web.form(visit.request)
        const client = mine(deps, visit, id)
        const input = { ownerId: visit.session.userId, clientPublicId: client.publicId, secretPublicId: secret ?? "" }
        await store.write(visit.ctx("revoked a client secret"), (tx) => oauth.revokeSecretIn(tx, input))
        return web.back(pathOf(client), { kind: "ok", text: "The secret no longer works." })
      }),
      NO_PARSE,
    )
}

function home(deps: ConsoleDeps, visit: Visit, errors?: Record<string, string>): Response {
  const developer = deps.developers.developerOf(visit.session.userId)
  const apps = deps.oauth.clientsOf(visit.session.userId).map((client) => ({
    id: client.publicId,
    name: client.name,
    type: client.type,
    createdAtMs: client.createdMs,
    suspended: client.suspendedMs !== null,
    ...totalsOf(deps, client),
  }))
  const props = {
    now: deps.clock.now(),
    agreed: developer?.agreementCurrent ?? false,
    sharePercent: deps.developerSharePercent,
    apps,
    earnings: developer?.agreementCurrent ? earningsOf(deps, visit) : undefined,
    errors,
  }
  return visit.page((frame) => DeveloperHomePage({ frame, ...props }), { status: errors ? 422 : 200 })
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

function newPage(deps: ConsoleDeps, visit: Visit, form?: Form, errors?: Record<string, string>): Response {
  if (!deps.developers.developerOf(visit.session.userId)?.agreementCurrent) return seeOther("/developer")
  const scopes = SCOPES.filter((scope) => scope !== "openid").map((scope) => ({
    scope,
    sentence: SCOPE_SENTENCES[scope],
  }))
  const values = form && {
    name: form.get("name"),
    type: form.get("type"),
    redirect_uris: form.raw("redirect_uris"),
    homepage_url: form.get("homepage_url"),
    scope: form.all("scope"),
  }
  return visit.page((frame) => AppNewPage({ frame, scopes, values, errors }), { status: errors ? 422 : 200 })
}

function appPage(
  deps: ConsoleDeps,
  visit: Visit,
  client: Client,
  failed?: { form: Form; errors: Record<string, string> },
): Response {
  const { web, oauth, usage, gateway, clock } = deps
  const { secret, forget } = web.takeSecret(visit.request)
  const app: DeveloperAppProps["app"] = {
    id: client.publicId,
    name: client.name,
    type: client.type,
    homepageUrl: client.homepageUrl,
    redirectUris: client.redirectUris,
    scopes: client.scopes,
    suspended: client.suspendedMs !== null,
    secrets: secretRows(deps, client),
    firstCallMs: usage.firstCallAt(client.id),
    ...totalsOf(deps, client),
  }
  const props = {
    now: clock.now(),
    app,
    newSecret: secret,
    issuer: oauth.issuer,
    apiBaseUrl: `${oauth.issuer}/v1`,
    sampleModel: gateway.upstreams().find((one) => one.enabled && one.models.length > 0)?.models[0] ?? "sandbox",
    values: failed && {
      name: failed.form.get("name"),
      redirect_uris: failed.form.raw("redirect_uris"),
      homepage_url: failed.form.get("homepage_url"),
    },
    errors: failed?.errors,
  }
  return visit.page((frame) => DeveloperAppPage({ frame, ...props }), { status: failed ? 422 : 200, cookies: [forget] })
}

/** All time, from the roll-ups. */
function totalsOf({ usage, clock }: ConsoleDeps, client: Client) {
  const { calls, users, developerNano } = usage.byClient(client.id, clock.now(), 0)
  return { calls, users, earnings: developerNano }
}

const secretRows = (deps: ConsoleDeps, client: Client) =>
  deps.oauth.secretsOf(client.id).map((row) => ({ id: row.publicId, hint: row.hint, createdAtMs: row.createdMs }))

/** Clients are reached through their owner: another developer's is simply not there. */
function mine(deps: ConsoleDeps, visit: Visit, id: string | undefined): Client {
  const client = deps.oauth.clientsOf(visit.session.userId).find((one) => one.publicId === id)
  ensure(client, "not_found", "You have no such app. Your apps are listed under Developer.")
  return client
}

function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof AppError) || error.code !== "validation_failed") throw error
  const { redirectUris, homepageUrl, scopes, ...rest } = error.extra.formErrors ?? { form: error.message }
  return {
    ...rest,
    ...(redirectUris ? { redirect_uris: redirectUris } : {}),
    ...(homepageUrl ? { homepage_url: homepageUrl } : {}),
    ...(scopes ? { scope: scopes } : {}),
  }
}

const typeOf = (form: Form): ClientType => (form.get("type") === "public" ? "public" : "confidential")
const urisOf = (form: Form): string[] => form.raw("redirect_uris").split(/\s+/).filter(Boolean)
