// /developer: the agreement, apps (OAuth clients), their secrets, and the first call they wait for.
import { Elysia } from "elysia"
import { FirstCall } from "../../../views/portal/first-call.tsx"
import { AppSecretRevokePage } from "../../../views/portal/secrets.tsx"
import { AppError, ensure } from "../../app/index.ts"
import { type Form, html, seeOther, signedOutEvents } from "../../http/index.ts"
import type { Client, ClientType } from "../../oauth/index.ts"
import { type ConsoleDeps, signedIn, type Visit } from "../console/index.ts"
import { appPage, home, newPage, secretRows } from "./app-pages.ts"

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
        if (form.get("accept") !== "yes")
          return home(deps, visit, { errors: { accept: "Tick the box to accept the agreement." } })
        const input = { userId: visit.session.userId, version: developers.agreementVersion }
        await developers.acceptAgreement(visit.ctx("accepted the developer agreement"), input)
        return web.back("/developer", { kind: "ok", text: "You are a developer now." })
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
        const isFirst = form.get("start") === "1"
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
              mode: form.get("mode") === "test" ? "test" : "live",
            })
          })
          const path = isFirst ? "/developer" : pathOf(made.client)
          return made.secret ? web.backWithSecret(visit.request, path, made.secret) : seeOther(path)
        } catch (error) {
          const failed = { form, errors: fieldErrors(error) }
          return isFirst ? home(deps, visit, failed) : newPage(deps, visit, failed)
        }
      }),
      NO_PARSE,
    )
    .get(
      "/developer/apps/:app",
      signedIn(deps, (visit, { app: id }) => appPage(deps, visit, mine(deps, visit, id))),
    )
    .post(
      "/developer/apps/:app",
      signedIn(deps, async (visit, { app: id }) => {
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
              scopes: form.all("scope"),
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
      "/developer/apps/:app/first-call",
      signedIn(deps, (visit, { app: id }) => {
        const client = mine(deps, visit, id)
        const firstCallMs = deps.usage.firstCallAt(client.id)
        // Still waiting: nothing to swap, and nothing for a screen reader to say again.
        if (firstCallMs === null) return new Response(null, { status: 204 })
        return html(FirstCall({ appId: client.publicId, firstCallMs, now: deps.clock.now() }))
      }),
    )
    .get("/developer/apps/:app/first-call/events", ({ request, params }) => firstCallEvents(deps, request, params.app))
    .post(
      "/developer/apps/:app/secrets",
      signedIn(deps, async (visit, { app: id }) => {
        await web.form(visit.request)
        const client = mine(deps, visit, id)
        const input = { ownerId: visit.session.userId, clientPublicId: client.publicId }
        try {
          const made = await store.write(visit.ctx("made a client secret"), (tx) => oauth.addSecretIn(tx, input))
          return web.backWithSecret(visit.request, pathOf(client), made.secret)
        } catch (error) {
          if (!(error instanceof AppError) || error.code !== "conflict") throw error
          return web.back(pathOf(client), { kind: "error", text: error.message })
        }
      }),
      NO_PARSE,
    )
    .get(
      "/developer/apps/:app/secrets/:secret/revocation",
      signedIn(deps, (visit, { app: id, secret }) => {
        const client = mine(deps, visit, id)
        const rows = secretRows(deps, client)
        const row = rows.find((one) => one.id === secret)
        ensure(row, "not_found", "That secret is gone already.")
        const app = { id: client.publicId, name: client.name }
        return visit.page((frame) => AppSecretRevokePage({ frame, app, secret: row, isLast: rows.length === 1 }))
      }),
    )
    .post(
      "/developer/apps/:app/secrets/:secret/revocation",
      signedIn(deps, async (visit, { app: id, secret }) => {
        await web.form(visit.request)
        const client = mine(deps, visit, id)
        const input = { ownerId: visit.session.userId, clientPublicId: client.publicId, secretPublicId: secret ?? "" }
        await store.write(visit.ctx("revoked a client secret"), (tx) => oauth.revokeSecretIn(tx, input))
        return web.back(pathOf(client), { kind: "ok", text: "The secret no longer works." })
      }),
      NO_PARSE,
    )
}

/** A stream that says one thing once: the call is there. It lives as long as the session does. */
function firstCallEvents(deps: ConsoleDeps, request: Request, id: string): Response {
  const { identity, live, oauth, usage, web } = deps
  const token = web.cookies.read(request, "console")
  const sessionOf = () => identity.sessionByToken(token, "console")
  const userId = sessionOf()?.userId
  const client = userId === undefined ? undefined : oauth.clientsOf(userId).find((one) => one.publicId === id)
  if (userId === undefined) return signedOutEvents()
  // 204 tells an EventSource not to come back (HTML §9.2).
  if (!client) return new Response(null, { status: 204 })
  let isCalled = false
  return live.open(
    {
      key: userId,
      isAlive: () => sessionOf()?.userId === userId,
      stamp: () => {
        isCalled ||= usage.firstCallAt(client.id) !== null
        return isCalled ? "called" : "waiting"
      },
    },
    request.headers.get("last-event-id") ?? new URL(request.url).searchParams.get("since"),
  )
}

/** Clients are reached through their owner: another developer's is simply not there. */
function mine(deps: ConsoleDeps, visit: Visit, id: string | undefined): Client {
  const client = deps.oauth.clientsOf(visit.session.userId).find((one) => one.publicId === id)
  ensure(client, "not_found", "You have no such app. Your apps are listed under Developer.")
  return client
}

function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof AppError) || !["validation_failed", "conflict"].includes(error.code)) throw error
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
